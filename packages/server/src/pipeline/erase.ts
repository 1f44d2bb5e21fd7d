import { randomUUID } from 'node:crypto'
import { changesTable, noteErasure } from '../store/changes.ts'
import { selectFrom } from '../store/refill.ts'
import type { Store } from '../store/store.ts'
import { isTheirs, namesTheirs } from '../store/theirs.ts'

/** Whose data is to go: a site's, one visitor's of it, or, where it ends with `everyoneOf`, of all whose ids begin so. */
export type Erasure = { site: string; visitorId: string | undefined }

/** What is written down before anything is deleted, so that an erasure that was cut off is ended at the next start. */
type Journal = {
  site: string
  visitor: string
  is_site: boolean
  traffic: number[]
  visits: number[]
  /** Whether the lake is to be told. */
  is_copied: boolean
}

const goldViews = [
  { view: 'traffic_from_events', from: 'silver.events', table: 'gold.traffic', time: 'time', buckets: 'traffic' },
  { view: 'activity_from_events', from: 'silver.events', table: 'gold.activity', time: 'time', buckets: 'traffic' },
  { view: 'visits_from_sessions', from: 'silver.sessions', table: 'gold.visits', time: 'start', buckets: 'visits' },
  { view: 'stays_from_sessions', from: 'silver.sessions', table: 'gold.stays', time: 'start', buckets: 'visits' },
] as const

/** What is rolled up by spans of hours of what is rolled up by the quarter of an hour. */
const spanViews = [
  { view: 'traffic_spans_from_traffic', from: 'gold.traffic', table: 'gold.traffic_spans', buckets: 'traffic' },
  { view: 'visits_spans_from_visits', from: 'gold.visits', table: 'gold.visits_spans', buckets: 'visits' },
] as const

const askedQuarters = 'arrayMap(each -> toUInt32(each), {buckets:Array(String)})'

/** How the rows of a visitor are known in each table, by {visitor:String}; first where it is by those of another table. */
export const ofVisitor = {
  'gold.moments':
    'visitor = sipHash64({visitor:String}) OR visitor IN (SELECT sipHash64(visitor_id) FROM silver.events WHERE site = {site:String} AND ' +
    `${isTheirs('visitor_id')})`,
  'bronze.web_cookies': isTheirs(
    "if(kind = 'session', JSONExtractString(document, 'user_id'), JSONExtractString(context, 'visitor_id'))",
  ),
  'bronze.dead_letters': namesTheirs('document'),
  'silver.final_cookies': isTheirs('user_id'),
  'silver.visit_count': isTheirs('user_id'),
  'silver.sessions': isTheirs('visitor_id'),
  'silver.sessions_by_visitor': isTheirs('visitor_id'),
  'silver.events_by_visitor': isTheirs('visitor_id'),
  'silver.events': isTheirs('visitor_id'),
} as const

const quarterHour = (column: string): string => `toUnixTimestamp(toStartOfFifteenMinutes(${column}))`

/** Of what is to go, what the ledger says of it; the sums stay what they were, under another name. */
const ledgerCorrections = (where: (table: keyof typeof ofVisitor) => string): string[] => {
  const insert = 'INSERT INTO silver.ledger (site, bucket, kind, reason, stream_partition, records, events)'
  const arrivals = quarterHour('EventEnqueuedUtcTime')
  return [
    `${insert} SELECT site, ${quarterHour('received_at')} AS bucket, kind, '', stream_partition, 0, sum(sign) * if(kind = 'erased', 1, -1)
     FROM silver.events ARRAY JOIN ['counted', 'erased'] AS kind WHERE ${where('silver.events')}
     GROUP BY site, bucket, kind, stream_partition`,
    `${insert} SELECT site, ${arrivals} AS bucket, kind, if(kind = 'erased', '', reason), PartitionId,
       toInt64(count()) * if(kind = 'erased', 1, -1), toInt64(count()) * if(kind = 'erased', 1, -1)
     FROM bronze.dead_letters ARRAY JOIN ['refused', 'erased'] AS kind WHERE ${where('bronze.dead_letters')}
     GROUP BY site, bucket, kind, reason, PartitionId`,
    `${insert} SELECT site, ${arrivals} AS bucket, 'erased', '', PartitionId, toInt64(count()), 0
     FROM bronze.web_cookies WHERE ${where('bronze.web_cookies')} GROUP BY site, bucket, PartitionId`,
  ]
}

/**
 * Takes the spans that some quarters of an hour lie in out of what is rolled up by them, and puts their other quarters back: those of
 * the journal come back by themselves, with what is put into the table of quarters.
 */
const restoreSpans = async (store: Store, { site, ...journal }: Journal): Promise<void> => {
  for (const { view, from, table, buckets } of spanViews) {
    const parameters = { site, buckets: journal[buckets].map(String) }
    if (parameters.buckets.length === 0) continue
    const isTheirs = `has(arrayMap(each -> intDiv(each, 3600 * span), ${askedQuarters}), intDiv(toUnixTimestamp(bucket), 3600 * span))`
    await store.execute(
      `ALTER TABLE ${table} DELETE WHERE site = {site:String} AND ${isTheirs} SETTINGS mutations_sync = 1`,
      parameters,
    )
    const others = `(SELECT * FROM ${from} WHERE site = {site:String} AND NOT has(${askedQuarters}, toUnixTimestamp(bucket)))`
    const rows = await selectFrom(store, view, from, others)
    await store.execute(`INSERT INTO ${table} SELECT * FROM (${rows}) WHERE ${isTheirs}`, parameters)
  }
}

/** Makes the roll-ups of some quarters of an hour anew from what is left in silver: a sketch cannot give a visitor back. */
const rollUpAgain = async (store: Store, journal: Journal): Promise<void> => {
  await restoreSpans(store, journal)
  for (const { view, from, table, time, buckets } of goldViews) {
    const parameters = { site: journal.site, buckets: journal[buckets].map(String) }
    if (parameters.buckets.length === 0) continue
    await store.execute(
      `ALTER TABLE ${table} DELETE WHERE site = {site:String} AND has(${askedQuarters}, toUnixTimestamp(bucket)) SETTINGS mutations_sync = 1`,
      parameters,
    )
    const left = `(SELECT * FROM ${from} FINAL WHERE site = {site:String} AND has(${askedQuarters}, ${quarterHour(time)}))`
    await store.execute(`INSERT INTO ${table} ${await selectFrom(store, view, from, left)}`, parameters)
  }
}

const eraseSite = async (store: Store, site: string): Promise<void> => {
  // What the stream held stays accounted for, of no site any more.
  await store.execute(
    `INSERT INTO silver.ledger (site, bucket, kind, reason, stream_partition, records, events)
     SELECT '', bucket, kind, '', stream_partition, sum(records), 0
     FROM silver.ledger ARRAY JOIN ['arrived', 'erased'] AS kind
     WHERE site = {site:String} AND silver.ledger.kind = 'arrived' GROUP BY bucket, kind, stream_partition`,
    { site },
  )
  const tables = await store.query<{ name: string }>(
    `SELECT database || '.' || name AS name FROM system.tables
     WHERE database IN ('bronze', 'silver', 'gold') AND engine != 'MaterializedView' ORDER BY name`,
  )
  for (const { name } of tables) {
    await store.execute(`ALTER TABLE ${name} DELETE WHERE site = {site:String} SETTINGS mutations_sync = 1`, { site })
  }
}

const eraseVisitor = async (store: Store, journal: Journal): Promise<void> => {
  const parameters = { site: journal.site, visitor: journal.visitor }
  for (const [table, where] of Object.entries(ofVisitor)) {
    const sql = `ALTER TABLE ${table} DELETE WHERE site = {site:String} AND (${where}) SETTINGS mutations_sync = 1`
    await store.execute(sql, parameters)
  }
  await rollUpAgain(store, journal)
}

/** The sums of the days that an erasure changed, for who keeps a copy of them elsewhere and asks any node. */
const noteSums = async (store: Store, { site, traffic, visits }: Journal): Promise<void> => {
  const batch = `erased:${randomUUID()}`
  for (const [table, buckets] of [
    ['gold.daily_traffic', traffic],
    ['gold.daily_visits', visits],
  ] as const) {
    await store.execute(
      `INSERT INTO ${changesTable} (batch, table, site, date, slice)
       SELECT DISTINCT {batch:String}, {table:String}, {site:String}, toString(toDate(toDateTime(each, 'UTC'))), ''
       FROM (SELECT arrayJoin(${askedQuarters}) AS each)`,
      { batch, table, site, buckets: buckets.map(String) },
    )
  }
}

const readJournal = (store: Store): Promise<Journal[]> =>
  store.query('SELECT site, visitor, is_site, traffic, visits, is_copied FROM clickwatch.erasures')

const endErasuresAt = async (store: Store, everywhere: Store): Promise<void> => {
  await store.execute(
    `CREATE TABLE IF NOT EXISTS clickwatch.erasures
     (site String, visitor String, is_site Bool, traffic Array(UInt32), visits Array(UInt32), is_copied Bool)
     ENGINE = MergeTree ORDER BY site SETTINGS fsync_after_insert = 1`,
  )
  await store.execute('ALTER TABLE clickwatch.erasures ADD COLUMN IF NOT EXISTS is_copied Bool')
  const journals = await readJournal(store)
  for (const journal of journals) {
    if (journal.is_site) await eraseSite(store, journal.site)
    else await eraseVisitor(store, journal)
    await noteSums(everywhere, journal)
    // Once more: whoever copies has forgotten them already, and may since have copied what was still here.
    if (journal.is_copied) await noteErasure(everywhere, journal.site, journal.visitor)
  }
  if (journals.length > 0) await store.execute('TRUNCATE TABLE clickwatch.erasures SYNC')
}

/** Ends what was begun, at each place what was written down there. Nothing may be stored meanwhile. */
export const endErasures = async (store: Store): Promise<void> => {
  await Promise.all(store.nodes().map((node) => endErasuresAt(node, store)))
}

/**
 * Removes a site, or one visitor of a site, from bronze, silver and gold. Nothing may be stored meanwhile, and what the pipeline
 * remembers is to be forgotten. Killed at any point, `endErasures` does the rest.
 * @param isCopied whether the lake holds them, too, and is to be told
 * @returns how many events there were
 */
export const erase = async (store: Store, { site, visitorId }: Erasure, isCopied = false): Promise<number> => {
  await endErasures(store)
  // First: what is begun here is ended by itself, and there only if it is known.
  if (isCopied) await noteErasure(store, site, visitorId ?? '')
  const parameters = { site, visitor: visitorId ?? '' }
  const andTheirs = visitorId === undefined ? '' : `AND ${isTheirs('visitor_id')}`
  const bucketsOf = (column: string, table: string) =>
    `(SELECT groupUniqArray(${quarterHour(column)}) FROM ${table} WHERE site = {site:String} ${andTheirs})`
  const [found] = await store.query<{ events: number }>(
    `SELECT sum(sign) AS events FROM silver.events WHERE site = {site:String} ${andTheirs}`,
    parameters,
  )
  if (visitorId !== undefined) {
    const where = (table: keyof typeof ofVisitor) => `site = {site:String} AND (${ofVisitor[table]})`
    for (const sql of ledgerCorrections(where)) await store.execute(sql, parameters)
  }
  await store.execute(
    `INSERT INTO clickwatch.erasures (site, visitor, is_site, traffic, visits, is_copied)
     SELECT {site:String}, {visitor:String}, ${visitorId === undefined},
       ${visitorId === undefined ? '[], []' : `${bucketsOf('time', 'silver.events')}, ${bucketsOf('start', 'silver.sessions')}`}, ${isCopied}`,
    parameters,
  )
  await endErasures(store)
  return found?.events ?? 0
}
