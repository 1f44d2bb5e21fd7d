import { arrayOf, column, type DataType, mapOf, type StructType, struct } from '@clickwatch/delta'
import { mergeSketches } from '../store/sketch.ts'
import { isTheirs } from '../store/theirs.ts'

// What the lake has, and how each table of it comes out of the store's. docs/lake.md says the same to who reads them.

export type Values = Readonly<Record<string, string>>

/** A table of the store whose rows stay, by the columns that hold their place in the stream and their day; `count` is of its rows. */
export type Growing = { from: string; partition: string; offset: string; time: string; count: string }

export type LakeTable = {
  /** Its folder below the lake's root, and its name with a dot. */
  folder: `${string}/${string}`
  layer: 'bronze' | 'silver' | 'gold'
  schema: StructType
  partitionColumns: readonly string[]
  /** Rows of one partition of the lake, from the store: a SELECT whose parameters are the partition's values. */
  ofPartition: string
  /** The partitions that the store has, as columns of text of the same names. */
  partitions: string
  /** Of a table that grows with the stream: how its rows are found by their places in it. undefined of what is summed up. */
  stream: Growing | undefined
  /** How a visitor's rows are known, by {visitor:String}; undefined where no row is one visitor's. */
  ofVisitor: string | undefined
  /** The columns of which bounds are told in the log, which is no place for ids and addresses of pages. */
  bounded: readonly string[]
}

type Columns = Record<string, DataType>
const texts = (...names: string[]): Columns => Object.fromEntries(names.map((name) => [name, 'string']))

const origin: Columns = texts(
  ...['referrer', 'source', 'channel', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'],
  ...['click_id_name', 'click_id', 'browser', 'browser_version', 'os', 'os_version', 'device', 'screen', 'language'],
  ...['country', 'region', 'city'],
)
const place: Columns = { stream_partition: 'integer', stream_offset: 'long' }

const isOnDay = (time: string): string =>
  `${time} >= toDateTime64({date:String}, 3, 'UTC') AND ${time} < toDateTime64({date:String}, 3, 'UTC') + INTERVAL 1 DAY`
const daysOf = (table: string, time: string): string =>
  `SELECT site, toString(toDate32(${time})) AS date FROM ${table} GROUP BY site, date`

const byDay = (
  folder: LakeTable['folder'],
  layer: LakeTable['layer'],
  time: string,
  table: { from: string; columns: Columns; stream?: [partition: string, offset: string] } & Pick<
    LakeTable,
    'ofVisitor' | 'bounded'
  >,
): LakeTable => {
  const { columns, stream, ofVisitor, bounded } = table
  // What may be taken back is there twice until it is merged away.
  const [from = '', isTakenBack] = table.from.split(' ')
  return {
    folder,
    layer,
    schema: schemaOf({ site: 'string', date: 'date', ...columns }),
    partitionColumns: ['site', 'date'],
    ofPartition: `SELECT ${Object.keys(columns).join(', ')} FROM ${table.from} WHERE site = {site:String} AND ${isOnDay(time)}`,
    partitions: daysOf(from, time),
    stream: stream && {
      from,
      partition: stream[0],
      offset: stream[1],
      time,
      count: isTakenBack ? 'sum(sign)' : 'count()',
    },
    ofVisitor,
    bounded,
  }
}

const schemaOf = (columns: Columns): StructType =>
  struct(...Object.entries(columns).map(([name, type]) => column(name, type)))

/** `event:done` is what goals are counted by, and means nothing to others. */
const dimensions = `dimension != 'event:done'`
const isInMonth =
  "bucket >= toDateTime({month:String}, 'UTC') AND bucket < toDateTime({month:String}, 'UTC') + INTERVAL 1 MONTH"

const byMonth = (name: string, sums: readonly string[], counts: readonly string[]): LakeTable => ({
  folder: `gold/daily_${name}`,
  layer: 'gold',
  schema: schemaOf({
    site: 'string',
    month: 'date',
    date: 'date',
    dimension: 'string',
    value: 'string',
    ...Object.fromEntries([...counts, ...sums].map((each) => [each, 'long' as const])),
  }),
  partitionColumns: ['site', 'month'],
  // What was taken back is a row of zeros until it is merged away.
  ofPartition: `SELECT toDate(bucket) AS date, dimension, value,
      ${counts.map((each) => `${mergeSketches(each)} AS ${each}`).join(', ')}${counts.length > 0 ? ',' : ''}
      ${sums.map((each) => `sum(gold.${name}_spans.${each}) AS ${each}`).join(', ')}
    FROM gold.${name}_spans WHERE site = {site:String} AND span = 24 AND ${isInMonth} AND ${dimensions}
    GROUP BY date, dimension, value HAVING ${sums.map((each) => `${each} != 0`).join(' OR ')}`,
  partitions: `SELECT site, toString(toStartOfMonth(bucket)) AS month FROM gold.${name}_spans WHERE span = 24 GROUP BY site, month`,
  stream: undefined,
  ofVisitor: undefined,
  bounded: ['date', 'dimension'],
})

export const webCookies = byDay('bronze/web_cookies', 'bronze', 'EventEnqueuedUtcTime', {
  from: 'bronze.web_cookies',
  columns: {
    ...texts('kind', 'document', 'context'),
    PartitionId: 'integer',
    Offset: 'long',
    MessageOffset: 'long',
    EventEnqueuedUtcTime: 'timestamp',
    EventProcessedUtcTime: 'timestamp',
  },
  stream: ['PartitionId', 'Offset'],
  ofVisitor: isTheirs(
    "if(kind = 'session', JSONExtractString(document, 'user_id'), JSONExtractString(context, 'visitor_id'))",
  ),
  bounded: ['kind', 'PartitionId', 'Offset', 'MessageOffset', 'EventEnqueuedUtcTime', 'EventProcessedUtcTime'],
})

export const events = byDay('silver/events', 'silver', 'time', {
  from: 'silver.events FINAL',
  columns: {
    event_id: 'string',
    seq: 'long',
    time: 'timestamp',
    received_at: 'timestamp',
    ...texts('visitor_id', 'user_id', 'session_id'),
    is_named: 'boolean',
    ...texts('campaign', 'type', 'name', 'url', 'hostname', 'path', 'title'),
    ...texts('element_id', 'element_text', 'element_href', 'element_link'),
    form_fields: arrayOf('string'),
    props: mapOf('string', 'string'),
    revenue: 'decimal(18,3)',
    currency: 'string',
    is_interaction: 'boolean',
    is_conversion: 'boolean',
    position_x: 'integer',
    position_y: 'integer',
    viewport_width: 'integer',
    page_height: 'long',
    scroll_depth: 'integer',
    engaged_ms: 'long',
    ...origin,
    ...place,
  },
  stream: ['stream_partition', 'stream_offset'],
  ofVisitor: isTheirs('visitor_id'),
  bounded: ['time', 'received_at', 'type', 'stream_partition', 'stream_offset'],
})

export const sessions = byDay('silver/sessions', 'silver', 'start', {
  from: 'silver.sessions FINAL',
  columns: {
    ...texts('session_id', 'visitor_id', 'user_id'),
    start: 'timestamp',
    end: 'timestamp',
    ...{ duration_s: 'long', engaged_ms: 'long', pageviews: 'long', events: 'long', interactions: 'long' },
    conversions: 'long',
    is_bounce: 'boolean',
    scroll_depth: 'integer',
    ...texts('entry_page', 'exit_page'),
    exit_at: 'timestamp',
    visit_number: 'long',
    is_returning: 'boolean',
    reported: 'string',
    ...origin,
    ...place,
  },
  ofVisitor: isTheirs('visitor_id'),
  bounded: ['start', 'end', 'stream_partition', 'stream_offset'],
})

export const finalCookies = byDay('silver/final_cookies', 'silver', 'timestamp', {
  from: 'silver.final_cookies',
  columns: {
    ...texts('session_id', 'user_id'),
    timestamp: 'timestamp',
    ...texts('device_type', 'os', 'browser', 'page_url', 'referrer', 'Platform', 'event_type'),
    time_spent_seconds: 'double',
    is_returning_visitor: 'boolean',
    visit_count: 'long',
    PartitionId: 'integer',
    EventEnqueuedUtcTime: 'timestamp',
    ...place,
  },
  stream: ['stream_partition', 'stream_offset'],
  ofVisitor: isTheirs('user_id'),
  bounded: ['timestamp', 'event_type', 'EventEnqueuedUtcTime', 'stream_partition', 'stream_offset'],
})

export const visitCount: LakeTable = {
  folder: 'silver/visit_count',
  layer: 'silver',
  schema: schemaOf({ site: 'string', user_id: 'string', visitor_count: 'long' }),
  partitionColumns: ['site'],
  ofPartition: `SELECT user_id, sum(silver.visit_count.visitor_count) AS visitor_count FROM silver.visit_count
    WHERE site = {site:String} GROUP BY user_id`,
  partitions: 'SELECT DISTINCT site FROM silver.visit_count',
  stream: undefined,
  ofVisitor: isTheirs('user_id'),
  bounded: ['visitor_count'],
}

export const dailyTraffic = byMonth('traffic', ['pageviews', 'events', 'conversions'], ['visitors', 'converters'])
export const dailyVisits = byMonth('visits', ['visits', 'bounces', 'unengaged', 'duration_s', 'pageviews'], [])

export const lakeTables: readonly LakeTable[] = [
  webCookies,
  events,
  finalCookies,
  sessions,
  visitCount,
  dailyTraffic,
  dailyVisits,
]

/** silver.events */
export const nameOf = ({ folder }: LakeTable): string => folder.replace('/', '.')

const castOf = (name: string, type: DataType): string => {
  if (typeof type !== 'string')
    return type.type === 'map' ? `CAST(${name}, 'Map(String, String)')` : `CAST(${name}, 'Array(String)')`
  // Delta knows no unsigned numbers, and its times are of microseconds.
  if (type === 'string') return `toString(${name})`
  if (type === 'long') return `toInt64(${name})`
  if (type === 'integer') return `toInt32(${name})`
  if (type === 'double') return `toFloat64(${name})`
  if (type === 'boolean') return `CAST(${name}, 'Bool')`
  if (type === 'date') return `toDate32(${name})`
  if (type === 'timestamp') return `CAST(${name}, 'DateTime64(6, \\'UTC\\')')`
  return name
}

/** The columns that are in a table's files: those of its partitions are not. */
export const fileColumns = ({ schema, partitionColumns }: LakeTable) =>
  schema.fields.filter(({ name }) => !partitionColumns.includes(name))

/** Rows of the store as the table's files have them. The inner SELECT keeps its columns to itself, so that keys find their rows. */
export const asFileRows = (table: LakeTable, rows: string): string =>
  `SELECT ${fileColumns(table)
    .map(({ name, type }) => `${castOf(`from_store.${name}`, type)} AS ${name}`)
    .join(', ')} FROM (${rows}) AS from_store`
