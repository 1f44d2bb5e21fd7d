/** The two tables that hold every dimension side by side: what happened, and the visits it happened in. */
export type Layer = {
  name: 'silver' | 'gold'
  events: { from: string; time: string }
  sessions: { from: string; time: string }
  /** What makes two rows of the same visit, and of the same visitor. */
  visit: string
  visitor: string
  /** A row of `events` that stands, where corrections are rows too. */
  stands: string | undefined
}

/** Whole rows: corrections are summed up as they are read. */
export const silver: Layer = {
  name: 'silver',
  events: { from: 'silver.events FINAL', time: 'time' },
  sessions: { from: 'silver.sessions FINAL', time: 'start' },
  visit: '(visitor_id, session_id)',
  visitor: 'visitor_id',
  stands: undefined,
}

/** By the quarter of an hour, a row for what one visitor did to one thing, and one for each visit. */
export const gold: Layer = {
  name: 'gold',
  events: { from: 'gold.activity', time: 'bucket' },
  sessions: { from: 'gold.stays', time: 'bucket' },
  visit: 'session',
  visitor: 'visitor',
  stands: 'activity.events > 0',
}

const fromMs = '{from_ms:Int64}'
const toMs = '{to_ms:Int64}'

/** SQL of the moment that a number of milliseconds since 1970 is, as a layer's time column is compared with. */
export const moment = (column: string, milliseconds: string): string =>
  column === 'bucket'
    ? `toDateTime(intDiv(${milliseconds}, 1000), 'UTC')`
    : `fromUnixTimestamp64Milli(${milliseconds}, 'UTC')`

/** Rows of a layer's time column within the range of the statement. */
export const within = (column: string): string[] => [
  'site = {site:String}',
  `${column} >= ${moment(column, fromMs)}`,
  `${column} < ${moment(column, toMs)}`,
]

/** Visits that what happened in the range may belong to: they last a day at most. */
export const withinVisits = (column: string): string[] => [
  'site = {site:String}',
  `${column} >= ${moment(column, fromMs)} - INTERVAL 1 DAY`,
  `${column} < ${moment(column, toMs)}`,
]
