import { parseArgs } from 'node:util'
import type { Query } from '@clickwatch/contract'
import { runQuery } from '../packages/server/src/query/run.ts'
import { context, loadDashboard, opened, questionOf, tabs } from './dashboard-load.ts'
import { type Figure, percentile, report } from './figures.ts'
import { openGrownStore } from './grown-store.ts'

// `npm run bench:query [-- --events N --store FOLDER]`: every request that opening the dashboard makes, of N events (10 million) in 30
// days, one by one and all at once, from wherever they are cheapest and from whole rows alone; beside the same numbers by SQL written by
// hand. The panels' other tabs are measured one by one. A store in FOLDER is kept, and used again.

const { values: given } = parseArgs({
  options: { events: { type: 'string', default: '10000000' }, store: { type: 'string' } },
})
const events = Number(given.events)
const turns = 7
const longestMs = 10_000
const say = (line: string) => process.stdout.write(`${line}\n`)

const { store, close } = await openGrownStore(given.store, events, say)

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
/** Milliseconds of each turn, after one that warms up; of what takes long, as many turns as there is time for. */
const measured = async (work: () => Promise<unknown>): Promise<number[]> => {
  const beganAt = performance.now()
  await work()
  const times: number[] = []
  do times.push(await timed(work))
  while (times.length < turns && performance.now() - beganAt < longestMs)
  return times
}

/** The same numbers, as somebody who knows the tables would ask for them. */
const at = (text: string): string => `toDateTime('${text}', 'Europe/Berlin')`
const [from, to] = [at('2026-06-02 00:00:00'), at('2026-06-30 00:00:00')]
/** 28 days from the second of June on: three weeks that begin on Thursdays, as 1970 did, days and hours before and after. */
const rolled = (dimension: string): string =>
  `SELECT value, uniqCombinedMerge(15)(visitors) AS people, uniqCombinedMerge(15)(converters), sum(pageviews) FROM gold.traffic_spans
   WHERE site = 'bench' AND dimension = '${dimension}' AND (span = 168 AND bucket >= '2026-06-04' AND bucket < '2026-06-25'
     OR span = 24 AND bucket IN ('2026-06-02', '2026-06-03', '2026-06-25', '2026-06-26', '2026-06-27', '2026-06-28')
     OR span = 1 AND (bucket >= ${from} AND bucket < '2026-06-02' OR bucket >= '2026-06-29' AND bucket < ${to}))
   GROUP BY value ORDER BY people DESC LIMIT 9`
const side = (column: string, narrowed: string): string =>
  `SELECT ${column} AS value, uniqCombined64If(visitor, events > 0) AS visitors, uniqCombined64If(visitor, conversions > 0),
     sumIf(events, type = 'page_view') FROM gold.activity
   WHERE site = 'bench' AND bucket >= ${from} AND bucket < ${to} AND ${narrowed} GROUP BY value ORDER BY visitors DESC LIMIT 9`
const byHand: Record<string, { dimension: string; column: string }> = {
  source: { dimension: 'visit:source', column: 'source' },
  top: { dimension: 'event:page', column: 'path' },
  country: { dimension: 'visit:country', column: 'country' },
  browser: { dimension: 'visit:browser', column: 'browser' },
  device: { dimension: 'visit:device', column: 'device' },
}

const kinds = {
  open: { filters: [], narrowed: '', atMostMs: events > 10_000_000 ? 300 : 150 },
  filtered: { filters: [['is', 'visit:country', ['DE']]], narrowed: "country = 'DE'", atMostMs: 1500 },
  thrice: {
    filters: [
      ['is', 'visit:country', ['DE']],
      ['is', 'visit:device', ['desktop']],
      ['is_not', 'visit:source', ['Google']],
    ],
    narrowed: "country = 'DE' AND device = 'desktop' AND source != 'Google'",
    atMostMs: 1500,
  },
} satisfies Record<string, { filters: NonNullable<Query['filters']>; narrowed: string; atMostMs: number }>

const figures: Figure[] = []
const small = (value: number): string => value.toFixed(1).padStart(8)
const none = '–'.padStart(8)
/** Once, for comparison alone; of many millions of rows some take more memory than a question may. */
const ofWholeRows = (work: () => Promise<unknown>): Promise<string> => timed(work).then(small, () => none)
say('')
say('milliseconds                  p50      p95        whole rows   by hand p50')
for (const [kind, { filters, narrowed, atMostMs }] of Object.entries(kinds)) {
  const ratios: number[] = []
  for (const [name, asked] of Object.entries({ ...opened, ...(kind === 'open' ? tabs : {}) })) {
    const question = questionOf(asked, filters)
    const times = await measured(() => runQuery(store, question, context))
    const raw = await ofWholeRows(() => runQuery(store, question, context, ['silver']))
    const hand = byHand[name]
    const sql = hand && (narrowed === '' ? rolled(hand.dimension) : side(hand.column, narrowed))
    const best = sql === undefined ? [] : await measured(() => store.query(sql))
    if (best.length > 0) ratios.push(percentile(times, 0.5) / percentile(best, 0.5))
    say(
      `${`${kind} ${name}`.padEnd(24)}${small(percentile(times, 0.5))} ${small(percentile(times, 0.95))}         ${raw}      ${best.length > 0 ? small(percentile(best, 0.5)) : none}`,
    )
  }
  const all = await measured(() => loadDashboard(store, filters))
  const raw = await ofWholeRows(() => loadDashboard(store, filters, ['silver']))
  say(
    `${`${kind} all at once`.padEnd(24)}${small(percentile(all, 0.5))} ${small(percentile(all, 0.95))}         ${raw}`,
  )
  figures.push(
    { name: `query_${kind}_load_p95_ms`, value: percentile(all, 0.95), atMost: atMostMs },
    { name: `query_${kind}_worst_to_by_hand`, value: Math.max(...ratios), atMost: 1.5 },
  )
}

await close()
say('')
report(figures)
