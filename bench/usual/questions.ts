import { opened } from '../dashboard-load.ts'

// What opening the dashboard asks, as somebody would ask it of the usual tables. $1: site, $2 and $3: from and to, $4: time zone.

const visits = 'FROM visits WHERE site = $1 AND start >= $2 AND start < $3'
const events = 'FROM events WHERE site = $1 AND time >= $2 AND time < $3'
const goalOf = (isMet: string): string => `SELECT count(DISTINCT visitor), count(*) ${events} AND ${isMet}`
const byVisit = (column: string): string =>
  `SELECT ${column}, count(DISTINCT visitor) AS visitors, count(DISTINCT visitor) FILTER (WHERE conversions > 0)
   ${visits} GROUP BY ${column} ORDER BY visitors DESC LIMIT 9`

type Question = { sql: string; isCompared?: true }

const questions: Record<string, Question[]> = {
  headline: [
    {
      sql: `SELECT count(DISTINCT visitor), count(*), sum(pageviews), avg(pageviews), avg(is_bounce::int), avg(duration_s) ${visits}`,
      isCompared: true,
    },
  ],
  chart: [
    {
      sql: `SELECT date_trunc('day', start AT TIME ZONE $4) AS day, count(DISTINCT visitor) ${visits} GROUP BY day ORDER BY day`,
      isCompared: true,
    },
  ],
  'anything here': [{ sql: `SELECT EXISTS (SELECT 1 ${events})` }],
  goals: [
    { sql: `SELECT count(DISTINCT visitor) ${visits}` },
    { sql: goalOf("type = 'page_view' AND path = '/page-1'") },
    { sql: goalOf("type = 'page_view' AND path LIKE '/page-2%'") },
  ],
  source: [{ sql: byVisit('source') }],
  top: [
    {
      sql: `SELECT path, count(DISTINCT visitor) AS visitors, count(*) ${events} AND type = 'page_view'
            GROUP BY path ORDER BY visitors DESC LIMIT 9`,
    },
  ],
  clicks: [
    {
      sql: `SELECT element, count(*) AS clicks, count(DISTINCT visitor) ${events} AND type = 'click'
            GROUP BY element ORDER BY clicks DESC LIMIT 9`,
    },
  ],
  browser: [{ sql: byVisit('browser') }],
  country: [{ sql: byVisit('country') }],
  returning: [{ sql: byVisit('is_returning') }],
}

/** @throws where the dashboard asks something that is not asked here */
export const dashboardQuestions = (): Question[] =>
  Object.keys(opened).flatMap((name) => {
    const asked = questions[name]
    if (!asked) throw new Error(`the dashboard asks for ${name}, and bench/usual/questions.ts does not`)
    return asked
  })
