import { join } from 'node:path'
import { largeEvents, quickMs, steadyMs } from '../../packages/server/src/pipeline/pace.ts'
import { writeBetween } from '../page.ts'
import { measuredSentence } from '../results.ts'
import { type Load, sum } from './load.ts'
import { type ApartLoad, readScale, type ScaleResults } from './results.ts'

// `npm run bench:table` writes docs/scale.md anew, too: what `npm run bench:scale` measured, and what follows for more events than this
// machine could take. Every cell of the last table is reckoned here, from the measured figures and these assumptions, which the page says.

const path = join(import.meta.dirname, '../../docs/scale.md')

/** Of a processor, that much is used at the rate that a machine is chosen for. */
const use = 0.5
/** What goes over a network between machines costs more than within one. */
const network = 1.25
/** Of one ClickHouse server. */
const shardProcessors = 16
/** Of a ClickHouse server, what inserts may take beside the rows that are in them: where they would take more, batches are to be rarer. */
const insertShare = 0.25
/** The least time between two batches of a pipeline that gets so many events a second. */
const paceSeconds = (eventsPerSecond: number): number =>
  Math.min(steadyMs, Math.max(quickMs, (largeEvents / eventsPerSecond) * 1000)) / 1000
const rates = [1000, 10_000, 100_000, 1_000_000]

const rounded = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: value < 1000 ? 2 : 3, maximumFractionDigits: 2 })
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const head = (cells: readonly string[]): string[] => [row(cells), `|---|${'---:|'.repeat(cells.length - 1)}`]

const parts = ['collector', 'kafka', 'pipeline', 'clickhouse', 'postgresql', 'api'] as const
const names = ['collector', 'Kafka', 'pipelines', 'ClickHouse', 'PostgreSQL', 'API']

/** The form that has most of everything: what being apart costs is in it. */
const widestOf = ({ apart }: ScaleResults): ApartLoad => {
  const widest = apart.at(-1)
  if (!widest) throw new Error('no distributed form was measured')
  return widest
}

/** Seconds of a processor that ClickHouse takes for the rows of a million events, and for an insert: a line by least squares. */
const storing = (apart: readonly ApartLoad[]): { rows: number; insert: number } => {
  const points = apart.map((load) => ({
    x: load.inserts_per_million,
    y: load.processor_seconds_per_million.clickhouse ?? 0,
  }))
  const mean = (of: (point: { x: number; y: number }) => number) => sum(points.map(of)) / points.length
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)]
  const insert = mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2)
  return { rows: y - insert * x, insert }
}

const measuredTables = (results: ScaleResults): string => {
  const { embedded, apart, questions } = results
  const widest = widestOf(results)
  const { rows, insert } = storing(apart)
  const costs = ({ processor_seconds_per_million: of }: Load) => sum(Object.values(of))
  const cost = (load: Load, part: string) => (load.processor_seconds_per_million[part] ?? 0).toFixed(0)
  const idle = ({ idle_processors }: Load) => sum(Object.values(idle_processors)).toFixed(2)
  const rate = (load: Load) => Math.round(load.events_per_second).toLocaleString('en')
  return [
    `${results.events.toLocaleString('en')} events through each form; seconds of a processor for a million of them, beyond what it takes when nothing comes in:`,
    '',
    ...head(['form', 'events a second', 'all', ...names, 'processors, idle']),
    row([
      'embedded',
      rate(embedded),
      costs(embedded).toFixed(0),
      cost(embedded, 'collector'),
      '',
      `${cost(embedded, 'engine')} (engine: all the rest)`,
      '',
      '',
      '',
      idle(embedded),
    ]),
    ...apart.map((load) =>
      row([
        `${load.shards} ${load.shards === 1 ? 'shard' : 'shards'}, ${load.pipelines} ${load.pipelines === 1 ? 'pipeline' : 'pipelines'}`,
        rate(load),
        costs(load).toFixed(0),
        ...parts.map((part) => cost(load, part)),
        idle(load),
      ]),
    ),
    '',
    `Opening the dashboard over ${results.asked_events.toLocaleString('en')} events of thirty days, all questions at once, medians:`,
    '',
    ...head([
      'shards',
      'from roll-ups',
      'with a filter',
      'from whole rows',
      'processors for one opening, from roll-ups',
    ]),
    ...questions.map(({ shards, open_ms, filtered_ms, whole_rows_ms, open_processor_ms }) =>
      row([
        String(shards),
        ...[open_ms, filtered_ms, whole_rows_ms, open_processor_ms].map((ms) => `${ms.toFixed(0)} ms`),
      ]),
    ),
    '',
    `ClickHouse's share is ${rounded(rows)} seconds for the rows of a million events and ${rounded(insert * 1000)} ms for each insert, whatever is in it (the line through the ${apart.length} measured points): more shards and more pipelines make more, smaller inserts of the same rows. A batch makes ${rounded(widest.inserts_per_batch)} inserts into each shard. In the widest form an event takes ${rounded(results.table_bytes_per_event)} bytes in all tables, and ${rounded(widest.database_bytes_per_event)} bytes written to PostgreSQL.`,
    '',
    `All of it ${measuredSentence(results)}`,
  ].join('\n')
}

const paperTable = (results: ScaleResults): string => {
  const widest = widestOf(results)
  const { rows, insert } = storing(results.apart)
  /** Processors to have for some seconds of a processor a second. */
  const had = (used: number): number => (used * network) / use
  const seconds = (part: string): number => widest.processor_seconds_per_million[part] ?? 0
  /** What a process that computes on one thread takes in. */
  const mostOf = (part: string): number => 1e6 / had(seconds(part))
  const [collector, pipeline] = [mostOf('collector'), mostOf('pipeline')]
  const lines = rates.map((rate) => {
    const millions = rate / 1e6
    const pipelines = Math.ceil(rate / pipeline)
    const insertsOfRound = pipelines * widest.inserts_per_batch
    const roundSeconds = Math.max(
      paceSeconds(rate / pipelines),
      had(insertsOfRound * insert) / (insertShare * shardProcessors),
    )
    const insertsPerSecond = insertsOfRound / roundSeconds
    const shards = Math.ceil(had(millions * rows) / (shardProcessors - had(insertsPerSecond * insert)))
    const clickHouse = had(millions * rows + shards * insertsPerSecond * insert)
    const others = sum(parts.filter((part) => part !== 'clickhouse').map((part) => had(millions * seconds(part))))
    const bytes = rate * 86_400 * results.table_bytes_per_event
    return row([
      rate.toLocaleString('en'),
      rounded(others + clickHouse),
      String(Math.ceil(rate / collector)),
      rounded(had(millions * seconds('kafka'))),
      String(pipelines),
      `${rounded(roundSeconds)} s`,
      rounded(clickHouse),
      String(shards),
      rounded(insertsPerSecond),
      `${rounded(millions * widest.database_bytes_per_event)} MB/s`,
      bytes < 1e12 ? `${rounded(bytes / 1e9)} GB` : `${rounded(bytes / 1e12)} TB`,
    ])
  })
  return [
    `So a collector takes ${rounded(collector)} events a second, and a pipeline ${rounded(pipeline)}.`,
    '',
    ...head([
      'events a second',
      'processors, in all',
      'collectors',
      'processors for Kafka',
      'pipelines, and partitions at least',
      'a batch every',
      'processors for ClickHouse',
      'shards',
      'inserts a second into each',
      'written to PostgreSQL',
      'tables, a day',
    ]),
    ...lines,
  ].join('\n')
}

/** Puts both tables into the page, and answers the first. */
export const writeScalePage = (results: ScaleResults): string => {
  const tables = measuredTables(results)
  writeBetween(path, 'measured: npm run bench:scale', tables)
  writeBetween(path, 'paper: npm run bench:table', paperTable(results))
  return tables
}

if (import.meta.main) process.stdout.write(`${writeScalePage(readScale())}\n`)
