import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Query } from '@clickwatch/contract'
import { runQuery } from '../packages/server/src/query/run.ts'
import type { Context } from '../packages/server/src/query/scope.ts'
import { openEmbeddedStore } from '../packages/server/src/store/embedded.ts'
import { migrate } from '../packages/server/src/store/migrate.ts'
import { type Figure, percentile, report } from './figures.ts'
import { endMs, growStore } from './grown-store.ts'

// `npm run bench:query [-- --events N]`: every request that opening a dashboard makes, of N events (10 million) in 30 days, one by one and all
// at once, from wherever they are cheapest and from whole rows alone; beside the same numbers by SQL written by hand.

const { values: given } = parseArgs({ options: { events: { type: 'string', default: '10000000' } } })
const events = Number(given.events)
const turns = 7
const say = (line: string) => process.stdout.write(`${line}\n`)

const folder = mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
const store = openEmbeddedStore(join(folder, 'store'))
await migrate(store, async () => undefined)

const context: Context = {
  timeZone: 'Europe/Berlin',
  nowMs: endMs - 3_600_000,
  weekStart: 1,
  currency: '',
  firstDate: undefined,
  goals: [],
  segments: [],
}

const headline: Query['metrics'] = [
  'visitors',
  'visits',
  'pageviews',
  'views_per_visit',
  'bounce_rate',
  'visit_duration',
]
/** What a dashboard asks when it is opened. */
const questions: Record<string, Partial<Query>> = {
  headline: { metrics: headline, include: { comparisons: { mode: 'previous_period' } } },
  chart: { metrics: ['visitors'], dimensions: ['time'] },
  sources: { dimensions: ['visit:source'] },
  channels: { dimensions: ['visit:channel'] },
  campaigns: { dimensions: ['visit:utm_campaign'] },
  pages: { dimensions: ['event:page'] },
  entry_pages: { dimensions: ['visit:entry_page'], metrics: ['visits', 'bounce_rate'] },
  exit_pages: { dimensions: ['visit:exit_page'], metrics: ['visits', 'exit_rate'] },
  countries: { dimensions: ['visit:country'] },
  browsers: { dimensions: ['visit:browser'] },
  systems: { dimensions: ['visit:os'] },
  devices: { dimensions: ['visit:device'] },
  events: { dimensions: ['event:type'], metrics: ['events', 'visitors'] },
}
const questionOf = (name: string, filters: Query['filters']): Query => ({
  site_id: 'bench',
  date_range: '28d',
  metrics: ['visitors'],
  ...questions[name],
  ...(filters ? { filters } : {}),
  pagination: { limit: 10 },
})

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
/** Milliseconds of each turn, after one that warms up. */
const measured = async (work: () => Promise<unknown>, count = turns): Promise<number[]> => {
  await work()
  const times: number[] = []
  for (let turn = 0; turn < count; turn++) times.push(await timed(work))
  return times
}

/** The same numbers, as somebody who knows the tables would ask for them. */
const range =
  "bucket >= toDateTime('2026-06-02 00:00:00', 'Europe/Berlin') AND bucket < toDateTime('2026-06-30 00:00:00', 'Europe/Berlin')"
const rolled = (dimension: string): string =>
  `SELECT value, uniqCombined64Merge(16)(visitors) AS visitors FROM gold.traffic WHERE site = 'bench' AND dimension = '${dimension}' AND ${range}
   GROUP BY value ORDER BY visitors DESC LIMIT 10`
const filtered = (column: string): string =>
  `SELECT ${column} AS value, uniqCombined64If(visitor, events > 0) AS visitors FROM gold.activity
   WHERE site = 'bench' AND ${range} AND country = 'DE' GROUP BY value ORDER BY visitors DESC LIMIT 10`
const byHand: Record<string, { open: string; filtered: string }> = {
  sources: { open: rolled('visit:source'), filtered: filtered('source') },
  pages: { open: rolled('event:page'), filtered: filtered('path') },
  countries: { open: rolled('visit:country'), filtered: filtered('country') },
  browsers: { open: rolled('visit:browser'), filtered: filtered('browser') },
  devices: { open: rolled('visit:device'), filtered: filtered('device') },
}

const grownAt = performance.now()
await growStore(store, events, say)
say(`${events} events made in ${Math.round((performance.now() - grownAt) / 1000)} s`)

const oneCountry: Query['filters'] = [['is', 'visit:country', ['DE']]]
const figures: Figure[] = []
const small = (value: number): string => value.toFixed(1).padStart(8)
const names = Object.keys(questions)
const load = (filters: Query['filters']) => () =>
  Promise.all(names.map((name) => runQuery(store, questionOf(name, filters), context)))

say('')
say('milliseconds                  p50      p95    whole rows p50   by hand p50')
for (const [kind, filters] of [
  ['open', undefined],
  ['filtered', oneCountry],
] as const) {
  const ratios: number[] = []
  for (const name of names) {
    const question = questionOf(name, filters)
    const times = await measured(() => runQuery(store, question, context))
    const raw = await measured(() => runQuery(store, question, context, ['silver']), 1)
    const sql = byHand[name]?.[kind]
    const hand = sql === undefined ? [] : await measured(() => store.query(sql))
    if (hand.length > 0) ratios.push(percentile(times, 0.5) / percentile(hand, 0.5))
    say(
      `${`${kind} ${name}`.padEnd(24)}${small(percentile(times, 0.5))} ${small(percentile(times, 0.95))}         ${small(percentile(raw, 0.5))}      ${hand.length > 0 ? small(percentile(hand, 0.5)) : '       –'}`,
    )
  }
  const all = await measured(load(filters))
  const allSilver = await measured(
    () => Promise.all(names.map((name) => runQuery(store, questionOf(name, filters), context, ['silver']))),
    1,
  )
  say(
    `${`${kind} all at once`.padEnd(24)}${small(percentile(all, 0.5))} ${small(percentile(all, 0.95))}         ${small(percentile(allSilver, 0.5))}`,
  )
  figures.push(
    { name: `query_${kind}_load_p95_ms`, value: percentile(all, 0.95), atMost: kind === 'open' ? 150 : 1500 },
    { name: `query_${kind}_worst_to_by_hand`, value: Math.max(...ratios), atMost: 1.5 },
  )
}

await store.close()
rmSync(folder, { recursive: true, force: true })
say('')
report(figures)
