import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { OnStored, Pipeline } from '../pipeline/pipeline.ts'
import type { Store } from '../store/store.ts'
import type { StreamReader } from '../stream/stream.ts'

/** What the lake tells of itself. */
type LakeCounts = {
  readonly counts: { rows: number; failures: number; isAway: boolean; committedAtMs: number | undefined }
  lag(): Promise<{ lag_records: number; lag_seconds: number }>
}

const addLakeMetrics = (registers: Registry[], lake: LakeCounts): void => {
  /** Where whoever knows is away, it stays what it was: all other metrics are told. */
  const lag = () => lake.lag().catch(() => undefined)
  const gauge = (name: string, help: string, value: () => number | undefined | Promise<number | undefined>) =>
    new Gauge({
      name: `clickwatch_lake_${name}`,
      help,
      registers,
      async collect() {
        const now = await value()
        if (now !== undefined) this.set(now)
      },
    })
  gauge('up', 'Whether the lake could be written to the last time.', () => (lake.counts.isAway ? 0 : 1))
  gauge('lag_records', 'Records that are stored and not yet in the lake.', async () => (await lag())?.lag_records)
  gauge('lag_seconds', 'For how long the lake has not had everything.', async () => (await lag())?.lag_seconds)
  gauge('last_commit_timestamp_seconds', 'When something was last written to the lake.', () => {
    const { committedAtMs } = lake.counts
    return committedAtMs === undefined ? undefined : committedAtMs / 1000
  })
  const counter = (name: string, help: string, value: () => number) =>
    new Counter({
      name: `clickwatch_lake_${name}`,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(value())
      },
    })
  counter('rows_total', 'Rows that were added to the lake.', () => lake.counts.rows)
  counter('failures_total', 'How often the lake could not be written to.', () => lake.counts.failures)
}

export type EngineMetrics = { registry: Registry; onStored: OnStored; watch(pipeline: Pipeline): void }

/** What whoever runs a pipeline says of itself to Prometheus; docs/operations.md explains each. */
export const createEngineMetrics = (options: {
  role: 'engine' | 'pipeline'
  stream: StreamReader
  store: Store
  lake?: LakeCounts | undefined
}): EngineMetrics => {
  const { role, stream, store, lake } = options
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]

  new Gauge({
    name: 'clickwatch_stream_unreadable_partitions',
    help: 'Partitions that cannot be read just now; their lag is as of before.',
    registers,
    collect() {
      this.set(stream.unreadable)
    },
  })
  const batchRecords = new Histogram({
    name: 'clickwatch_batch_records',
    help: 'Records of a batch.',
    buckets: [1, 10, 100, 500, 1000, 2500, 5000],
    registers,
  })
  const batchSeconds = new Histogram({
    name: 'clickwatch_batch_seconds',
    help: 'How long a batch took from the stream to gold.',
    buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  })
  const events = new Counter({ name: 'clickwatch_events_total', help: 'Events counted.', registers })
  const duplicates = new Counter({
    name: 'clickwatch_duplicates_total',
    help: 'Events that had come before.',
    registers,
  })
  const refused = new Counter({
    name: 'clickwatch_refused_total',
    help: 'Records that became dead letters.',
    labelNames: ['reason'],
    registers,
  })
  new Gauge({
    name: 'clickwatch_dead_letters',
    help: 'Dead letters that are kept.',
    labelNames: ['reason'],
    registers,
    async collect() {
      this.reset()
      const rows = await store.query<{ reason: string; letters: number }>(
        'SELECT reason, count() AS letters FROM bronze.dead_letters GROUP BY reason',
      )
      for (const { reason, letters } of rows) this.set({ reason }, letters)
    },
  })
  new Gauge({
    name: 'clickwatch_parts',
    help: 'Parts of a table that are not yet merged into others.',
    labelNames: ['table'],
    registers,
    async collect() {
      const rows = await store.query<{ name: string; parts: number }>(
        `SELECT database || '.' || table AS name, count() AS parts FROM system.parts
         WHERE active AND database IN ('bronze', 'silver', 'gold') GROUP BY name`,
      )
      for (const { name, parts } of rows) this.set({ table: name }, parts)
    },
  })

  if (lake) addLakeMetrics(registers, lake)

  return {
    registry,
    onStored({ records, newEvents, doubled, deadLetters, seconds }) {
      batchRecords.observe(records)
      batchSeconds.observe(seconds)
      for (const count of newEvents.values()) events.inc(count)
      duplicates.inc(doubled)
      for (const [reason, count] of deadLetters) refused.inc({ reason }, count)
    },
    watch(pipeline) {
      new Gauge({
        name: 'clickwatch_stream_lag_records',
        help: 'Records of the stream that are not yet stored, of the partitions that this process works on.',
        labelNames: ['partition'],
        registers,
        collect() {
          this.reset()
          for (const [partition, lag] of pipeline.lags) this.set({ partition }, lag)
        },
      })
      new Gauge({
        name: 'clickwatch_remembered_visitors',
        help: 'Visitors whose visits may go on, in memory.',
        registers,
        collect() {
          this.set(pipeline.remembered.visitors)
        },
      })
      new Gauge({
        name: 'clickwatch_remembered_events',
        help: 'Events of those visitors, in memory.',
        registers,
        collect() {
          this.set(pipeline.remembered.events)
        },
      })
    },
  }
}
