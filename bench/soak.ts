import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ClickWatch, startClickWatch } from '../test/fixtures/clickwatch.ts'
import { opened, questionOf } from './dashboard-load.ts'
import { type Figure, median, percentile, report } from './figures.ts'
import { steadyLoad } from './load.ts'
import { writePlots } from './plot.ts'
import { residentMb } from './resident.ts'
import { verifiedAfter } from './verified.ts'

// `npm run soak [-- --minutes 60]`: events at a steady rate for so long, with dashboards open that ask again whenever they may, and what
// memory, latency, parts and lag become meanwhile: plotted into docs/images/soak.svg. Nothing may rise from the second third to the last.

const { values: given } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '2000' },
    dashboards: { type: 'string', default: '3' },
  },
})
const minutes = Number(given.minutes)
const perRequest = 20
const site = 'soak'
const sampleMs = 10_000
/** As often as an open dashboard asks again while something comes in. */
const refreshMs = 2000
const say = (line: string) => process.stdout.write(`${line}\n`)

type Sample = {
  minute: number
  memory: Record<string, number>
  collectMs: number
  dashboardMs: number
  parts: number
  lag: number
}

const sumOf = (metrics: string, name: string): number =>
  [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  )

/** Asks all that an open dashboard asks, again and again; `times` gets what each round took. */
const keepOpen = async (clickWatch: ClickWatch, times: number[], isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    const startedAt = performance.now()
    // Goals are of the benchmarks' own store.
    const questions = Object.entries(opened).filter(([name]) => name !== 'goals')
    await Promise.all(
      questions.map(([, asked]) => clickWatch.query({ ...questionOf(asked, []), site_id: site, date_range: 'day' })),
    )
    times.push(performance.now() - startedAt)
    await sleep(refreshMs)
  }
}

/** How much higher a measure is in the last third of the time than in the one before; the first is for warming up. */
const rise = (samples: readonly Sample[], measure: (sample: Sample) => number): number => {
  const third = Math.floor(samples.length / 3)
  const of = (part: readonly Sample[]): number => median(part.map(measure))
  return of(samples.slice(-third)) / of(samples.slice(third, 2 * third))
}

const clickWatch = await startClickWatch()
try {
  let isOver = false
  const rounds: number[] = []
  const crowd = await steadyLoad(clickWatch.baseUrl, site, Number(given.rate) / perRequest, perRequest)
  const dashboards = Array.from({ length: Number(given.dashboards) }, () => keepOpen(clickWatch, rounds, () => isOver))
  const samples: Sample[] = []
  const beganAt = performance.now()
  let [seen, asked] = [0, 0]
  while (performance.now() - beganAt < minutes * 60_000) {
    await sleep(sampleMs)
    const metrics = await (await fetch(`${clickWatch.baseUrl}/metrics`)).text()
    const sample: Sample = {
      minute: (performance.now() - beganAt) / 60_000,
      memory: residentMb(process.pid),
      collectMs: percentile(crowd.milliseconds.slice(seen), 0.99),
      dashboardMs: median(rounds.slice(asked)),
      parts: sumOf(metrics, 'clickwatch_parts'),
      lag: sumOf(metrics, 'clickwatch_stream_lag_records'),
    }
    ;[seen, asked] = [crowd.milliseconds.length, rounds.length]
    samples.push(sample)
    say(
      `minute ${sample.minute.toFixed(1)}: ${sample.memory.all} MB, POST /e p99 ${sample.collectMs.toFixed(0)} ms, dashboard ${sample.dashboardMs.toFixed(0)} ms, ${sample.parts} parts, lag ${sample.lag}`,
    )
  }
  const steady = await crowd.stop()
  isOver = true
  await Promise.all(dashboards)
  const verified = await verifiedAfter('soak', clickWatch)
  const points = (measure: (sample: Sample) => number) =>
    samples.map((sample) => [sample.minute, measure(sample)] as const).filter(([, value]) => Number.isFinite(value))
  const roles = ['supervisor', 'collector', 'engine']
  writePlots('soak.svg', { name: 'minutes' }, [
    {
      title: 'Memory',
      unit: 'MB',
      curves: roles.map((name) => ({ name, points: points(({ memory }) => memory[name] ?? 0) })),
    },
    {
      title: 'POST /e, 99th percentile',
      unit: 'ms',
      curves: [{ name: 'POST /e', points: points(({ collectMs }) => collectMs) }],
    },
    {
      title: 'A dashboard, all its questions',
      unit: 'ms',
      curves: [{ name: 'dashboard', points: points(({ dashboardMs }) => dashboardMs) }],
    },
    { title: 'Parts of tables', unit: 'parts', curves: [{ name: 'parts', points: points(({ parts }) => parts) }] },
    { title: 'Lag of the pipeline', unit: 'messages', curves: [{ name: 'lag', points: points(({ lag }) => lag) }] },
  ])
  const figures: Figure[] = [
    { name: 'soak_events_per_second', value: steady.perSecond * perRequest, atLeast: 0.98 * Number(given.rate) },
    { name: 'soak_failed', value: steady.failed, atMost: 0 },
    { name: 'soak_memory_rise', value: rise(samples, ({ memory }) => memory.all ?? 0), atMost: 1.1 },
    { name: 'soak_collect_p99_rise', value: rise(samples, ({ collectMs }) => collectMs), atMost: 1.25 },
    { name: 'soak_dashboard_rise', value: rise(samples, ({ dashboardMs }) => dashboardMs), atMost: 1.25 },
    { name: 'soak_parts_rise', value: rise(samples, ({ parts }) => parts), atMost: 1.25 },
    {
      name: 'soak_lag_most',
      value: Math.max(...samples.slice(1).map(({ lag }) => lag)),
      atMost: 2 * Number(given.rate),
    },
    verified,
  ]
  say('')
  report(figures)
} finally {
  await clickWatch.dispose()
}
