import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import type { Store } from '../packages/server/src/store/store.ts'

// A month of one busy site, `bench`, put straight into silver by ClickHouse itself; gold follows as it does behind the pipeline.

const eventsOfVisit = 5
export const endMs = Date.UTC(2026, 5, 30)
const days = 30

/** Values of a list, the first of them the most frequent, by a number that looks like chance. */
const skewed = (values: readonly string[], seed: number): string =>
  `[${values.map((value) => `'${value}'`).join(', ')}][1 + toUInt32(${values.length} * pow(sipHash64(visit, ${seed}) / 18446744073709551616., 3))]`

const shared = (visits: number): string => `
  'bench' AS site, number AS visit,
  toString(sipHash64(visit % ${Math.ceil(visits / 4)})) AS visitor_id, toString(visit) AS session_id,
  ${skewed(['', 'Google', 'Bing', 'ChatGPT', 'Reddit', 'Newsletter', 'LinkedIn', 'Facebook'], 1)} AS source,
  ${skewed(['Direct', 'Organic Search', 'AI Assistants', 'Referral', 'Email'], 1)} AS channel,
  ${skewed(['', 'spring', 'summer', 'launch'], 2)} AS utm_campaign,
  ${skewed(['DE', 'US', 'FR', 'GB', 'IN', 'BR', 'JP', 'ES', 'IT', 'PL'], 3)} AS country,
  ${skewed(['Chrome', 'Safari', 'Firefox', 'Edge'], 4)} AS browser,
  ${skewed(['Windows', 'macOS', 'Android', 'iOS', 'Linux'], 5)} AS os,
  ${skewed(['desktop', 'mobile', 'tablet'], 6)} AS device,
  fromUnixTimestamp64Milli(toInt64(${endMs - days * 86_400_000} + visit / ${visits} * ${days * 86_400_000 - 600_000})) AS begun`

const page = (seed: string): string =>
  `'/page-' || toString(toUInt32(200 * pow(sipHash64(visit, ${seed}) / 18446744073709551616., 3)))`

/**
 * Fills tables with `events` events in thirty days, five a visit, each visitor four times, a week apart.
 * @param there how many of them are there already, which came in a shorter month
 */
export const growStore = async (
  store: Pick<Store, 'execute'>,
  events: number,
  say: (line: string) => void,
  there = 0,
): Promise<void> => {
  const visits = Math.round(events / eventsOfVisit)
  const step = 200_000
  for (let from = Math.round(there / eventsOfVisit); from < visits; from += step) {
    const of = `FROM numbers(${from}, ${Math.min(step, visits - from)})`
    await store.execute(`INSERT INTO silver.sessions (site, visitor_id, session_id, source, channel, utm_campaign, country, browser, os, device,
        start, end, exit_at, duration_s, engaged_ms, pageviews, events, interactions, conversions, is_bounce, entry_page, exit_page,
        visit_number, is_returning, stream_offset, sign, version)
      WITH ${shared(visits)}, sipHash64(visit, 9) % 3 = 0 AS bounced
      SELECT site, visitor_id, session_id, source, channel, utm_campaign, country, browser, os, device,
        begun, begun + 120, begun + 60, if(bounced, 0, 120), 20000, if(bounced, 1, 2), 4, if(bounced, 0, 1), visit % 10 = 0, bounced,
        ${page('0')}, ${page('if(bounced, 0, 1)')}, 1 + visit % 4, visit % 4 > 0, visit, 1, 1 ${of}`)
    await store.execute(`INSERT INTO silver.events (site, visitor_id, session_id, source, channel, utm_campaign, country, browser, os, device,
        event_id, seq, time, received_at, type, name, hostname, path, is_conversion, engaged_ms, scroll_depth, is_returning, stream_offset, sign, version)
      WITH ${shared(visits)}
      SELECT site, visitor_id, session_id, source, channel, utm_campaign, country, browser, os, device,
        toString(visit) || '-' || toString(step), step, begun + step * 20, begun + step * 20 + 1,
        ['page_view', 'scroll', 'click', 'page_view', 'engagement'][step + 1] AS type, '', 'shop.example',
        ${page('intDiv(step, 3)')}, type = 'click' AND visit % 10 = 0, if(type = 'engagement', 20000, 0), if(type = 'scroll', 50, 0), visit % 4 > 0, visit, 1, 1
      FROM (SELECT number, arrayJoin(range(${eventsOfVisit})) AS step ${of})`)
    if ((from / step) % 5 === 0) say(`${Math.min(from + step, visits) * eventsOfVisit} events`)
  }
}

/**
 * A store that has grown to so many events, and what puts it away.
 * @param folder where it is kept, and found again by the next; one that is removed afterwards where it is left out
 */
export const openGrownStore = async (
  folder: string | undefined,
  events: number,
  say: (line: string) => void,
): Promise<{ store: Store; close(): Promise<void> }> => {
  const isThere = folder !== undefined && existsSync(folder)
  const path = folder ?? mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
  const store = openEmbeddedStore(path)
  await migrate(store, async () => undefined)
  if (!isThere) {
    const grownAt = performance.now()
    await growStore(store, events, say)
    say(`${events} events made in ${Math.round((performance.now() - grownAt) / 1000)} s`)
  }
  return {
    store,
    async close() {
      await store.close()
      if (folder === undefined) rmSync(path, { recursive: true, force: true })
    },
  }
}
