import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Idea, NewIdea } from '@clickwatch/contract'
import { countIdea } from '../packages/server/src/ideas/count.ts'
import { evidenceOf } from '../packages/server/src/ideas/evidence.ts'
import { planOf } from '../packages/server/src/ideas/plan.ts'
import { trafficOf } from '../packages/server/src/ideas/traffic.ts'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { type Figure, percentile, report } from './figures.ts'
import { endMs, growStore } from './grown-store.ts'

// `npm run bench:ideas [-- --events N --folder F]`: an idea's whole report, from the tables to the recommendation, on N events (10 million) in 30 days:
// of a page as most are, of the busiest page there is, of that by how long it was read, and of variants; and the plan of one.

const { values: given } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    /** Where the tables are kept for another time; with `--grow`, they are made and nothing is asked. */
    folder: { type: 'string' },
    grow: { type: 'boolean', default: false },
  },
})
const turns = 15
const say = (line: string) => process.stdout.write(`${line}\n`)

const folder = given.folder ?? mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
mkdirSync(folder, { recursive: true })
const isGrown = existsSync(join(folder, 'grown'))
const events = Number(isGrown ? readFileSync(join(folder, 'grown'), 'utf8') : given.events)
const store = openEmbeddedStore(join(folder, 'store'))
await migrate(store, async () => undefined)

const pages = { usual: '/page-50', busiest: '/page-0', variants: '/page-7' }

const grow = async (): Promise<void> => {
  // An idea is read from gold.moments and gold.traffic. What these are filled from goes through and is not kept, and other
  // roll-ups are not filled: that is most of what growing a store costs.
  const definitions = await store.query<{ name: string; view: string; sql: string; is_read: number }>(
    `SELECT name, database || '.' || name AS view, create_table_query AS sql,
     name = 'moments_from_events' AS is_read
   FROM system.tables WHERE database IN ('silver', 'gold') AND engine = 'MaterializedView'`,
  )
  for (const { view } of definitions) await store.execute(`DROP VIEW ${view} SYNC`)
  for (const table of ['silver.events', 'silver.sessions']) {
    await store.execute(`CREATE TABLE ${table}_passing AS ${table} ENGINE = Null`)
    await store.execute(`DROP TABLE ${table} SYNC`)
    await store.execute(`RENAME TABLE ${table}_passing TO ${table}`)
  }
  for (const { sql, is_read } of definitions) if (is_read) await store.execute(sql)

  await growStore(store, events, say)

  /** What follows the views of a page, of one in so many visits. */
  const follow = async (page: string, after: number, oneIn: number, rest: Record<string, string>) => {
    const taken = [...Object.keys(rest), 'time'].join(', ')
    await store.execute(
      `INSERT INTO gold.moments (* EXCEPT (${taken}), time, ${Object.keys(rest).join(', ')})
     SELECT * EXCEPT (${taken}), moments.time + ${after}, ${Object.values(rest).join(', ')}
     FROM gold.moments WHERE site = 'bench' AND facet = 'page' AND subject = '${page}' AND sipHash64(session, ${after}) % ${oneIn} = 0`,
    )
  }
  for (const [name, page] of Object.entries(pages)) {
    const variant = "if(visitor % 2 = 0, 'plain', 'bold')"
    await follow(page, 1, 1, { facet: "'exposure'", subject: `'${name}'`, variant })
    await follow(page, 4, 5, { facet: "'click'", subject: `'try-${name}'` })
    await follow(page, 8, 20, { facet: "'submit'", subject: `'form-${name}'` })
    await follow(page, 9, 60, { facet: "'payment'", subject: "'Paid'", revenue: 'session % 90', currency: "'EUR'" })
  }
  await store.execute(
    `INSERT INTO gold.traffic (site, dimension, bucket, value, pageviews, events)
   SELECT site, 'event:page', toDateTime(toStartOfFifteenMinutes(time), 'UTC') AS bucket, path, countIf(facet = 'page'), count()
   FROM gold.moments GROUP BY site, bucket, path`,
  )
}

const grownAt = performance.now()
if (!isGrown) await grow()
const [{ stored } = { stored: 0 }] = await store.query<{ stored: number }>('SELECT count() AS stored FROM gold.moments')
say(
  `${stored} moments are stored, of ${events} events${isGrown ? '' : `; they took ${Math.round((performance.now() - grownAt) / 1000)} s`}`,
)
if (given.grow) {
  writeFileSync(join(folder, 'grown'), String(events))
  await store.close()
  process.exit(0)
}

const ideaOf = (name: keyof typeof pages, more: Partial<NewIdea> = {}): Idea => ({
  id: name,
  name,
  key: name,
  hypothesis: '',
  template: 'fake_door',
  ladder: [
    { grade: 'seen', rule: { type: 'page', path: pages[name] } },
    { grade: 'attention', rule: { type: 'scroll', path: pages[name], depth: 50 } },
    { grade: 'click', rule: { type: 'element', element: `try-${name}`, action: 'click' } },
    { grade: 'intent', rule: { type: 'form', element: `form-${name}` } },
    { grade: 'payment', rule: { type: 'revenue', event_name: 'Paid' } },
  ],
  audience: [['is', 'visit:country', ['DE', 'US', 'FR', 'GB', 'IN', 'BR']]],
  intended_mix: [
    { dimension: 'visit:source', shares: { Google: 0.5, Newsletter: 0.2 } },
    { dimension: 'visit:device', shares: { desktop: 0.5, mobile: 0.5 } },
  ],
  bar: { grade: 'intent', rate: 0.04 },
  budget: { visitors: 100_000 },
  created_at: '2026-05-31T00:00:00.000Z',
  counted_from: '2026-05-31T00:00:00.000Z',
  locked_at: '2026-05-31T00:00:00.000Z',
  status: 'running',
  revisions: [],
  decisions: [],
  ...more,
})
const variants = [
  { key: 'plain', name: 'Plain', weight: 1 },
  { key: 'bold', name: 'Bold', weight: 1 },
]
const ideas = {
  usual: ideaOf('usual'),
  busiest: ideaOf('busiest'),
  reading: ideaOf('busiest', {
    ladder: ideaOf('busiest').ladder.map((rung) =>
      rung.grade === 'attention' ? { ...rung, rule: { type: 'time', seconds: 10, path: pages.busiest } } : rung,
    ),
  }),
  variants: ideaOf('variants', { variants }),
}
const counting = { site: 'bench', timeZone: 'Europe/Berlin', currency: 'EUR', nowMs: endMs }
const context = { ...counting, weekStart: 1, firstDate: '2026-05-31', goals: [], segments: [] }

const measured = async (work: () => Promise<unknown>): Promise<number[]> => {
  await work()
  const times: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return times
}

say('')
say('milliseconds          visitors  reached      p50      p95   of which counting')
const figures: Figure[] = []
const cell = (value: number, width = 8): string => value.toFixed(value >= 100 ? 0 : 1).padStart(width)
for (const [name, idea] of Object.entries(ideas)) {
  let counts = await countIdea(store, idea, counting)
  const times = await measured(async () => {
    counts = await countIdea(store, idea, counting)
    return evidenceOf(counts)
  })
  const counted = await measured(() => countIdea(store, idea, counting))
  const visitors = counts.variants.reduce((sum, { exposed }) => sum + exposed, 0)
  const reached = counts.variants.reduce((sum, each) => sum + (each.reached.intent ?? 0), 0)
  say(
    `${`report of ${name}`.padEnd(20)} ${cell(visitors, 9)} ${cell(reached)} ${cell(percentile(times, 0.5))} ${cell(percentile(times, 0.95))} ${cell(percentile(counted, 0.5), 12)}`,
  )
  figures.push({ name: `idea_report_${name}_p95_ms`, value: percentile(times, 0.95), atMost: 1000 })
}
const { usual } = ideas
const draft = {
  ladder: usual.ladder,
  bar: usual.bar,
  budget: usual.budget,
  ...(usual.audience ? { audience: usual.audience } : {}),
}
const planned = await measured(async () => planOf(draft, await trafficOf(store, 'bench', draft, context)))
say(`${'plan'.padEnd(39)} ${cell(percentile(planned, 0.5))} ${cell(percentile(planned, 0.95))}`)
figures.push({ name: 'idea_plan_p95_ms', value: percentile(planned, 0.95), atMost: 1000 })

await store.close()
if (given.folder === undefined) rmSync(folder, { recursive: true, force: true })
say('')
report(figures)
