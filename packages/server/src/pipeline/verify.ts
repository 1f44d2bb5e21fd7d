import type { Store } from '../store/store.ts'
import { countUnaccounted } from './account.ts'
import type { Positions } from './positions.ts'

/** One invariant, looked at: `found` is what it comes to, `expected` what it has to be; `where` says of which table, partition or site. */
export type Check = { name: string; where: string; found: number; expected: number }

type Compared = { where: string; found: number; expected: number }

/** Which events of silver are looked for in which way in gold.moments (013-moments.sql). */
const momentsOf = {
  page: "type = 'page_view'",
  event: "type = 'custom'",
  exposure: "type = 'custom' AND name = 'exposure' AND props['idea'] != ''",
  ...Object.fromEntries(
    ['click', 'hover', 'cta_seen', 'rage_click', 'submit'].map((type) => [type, `type = '${type}'`]),
  ),
  attention: 'scroll_depth > 0 OR engaged_ms > 0',
  payment: "currency != ''",
}

/** The sums that two tables must have in common, by site. Those that `lasts` hold when older rows have expired, too. */
const comparisons: { name: string; sql: string; lasts?: true }[] = [
  {
    name: 'page views of visits are the page views of events',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sum(sign * toInt64(pageviews)) AS found, 0 AS expected FROM silver.sessions WHERE reported = '' GROUP BY site
            UNION ALL
            SELECT site, 0, sum(sign * (type = 'page_view')) FROM silver.events
            WHERE (site, visitor_id, session_id) NOT IN (SELECT site, visitor_id, session_id FROM silver.sessions WHERE reported != '')
            GROUP BY site)
          GROUP BY site`,
  },
  {
    name: 'visits are those that events belong to',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sum(toInt64(sign)) AS found, 0 AS expected FROM silver.sessions GROUP BY site
            UNION ALL
            SELECT site, 0, toInt64(count()) FROM (
              SELECT site, visitor_id, session_id FROM silver.events GROUP BY site, visitor_id, session_id HAVING sum(sign) > 0)
            GROUP BY site)
          GROUP BY site`,
  },
  {
    name: 'visits of those who came back are those whose events say so',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sumIf(toInt64(sign), is_returning) AS found, 0 AS expected FROM silver.sessions GROUP BY site
            UNION ALL
            SELECT site, 0, toInt64(count()) FROM (
              SELECT site, visitor_id, session_id FROM silver.events GROUP BY site, visitor_id, session_id
              HAVING sum(sign) > 0 AND sumIf(sign, is_returning) = sum(sign))
            GROUP BY site)
          GROUP BY site`,
  },
  {
    name: 'no event is there twice',
    lasts: true,
    sql: `SELECT site AS where, sum(times) AS found, toInt64(count()) AS expected FROM (
            SELECT site, sum(sign) AS times FROM silver.events GROUP BY site, visitor_id, session_id, event_id HAVING times != 0)
          GROUP BY site`,
  },
  {
    name: 'events counted by the ledger are those of silver',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sum(events) AS found, 0 AS expected FROM silver.ledger WHERE kind = 'counted' GROUP BY site
            UNION ALL SELECT site, 0, sum(toInt64(sign)) FROM silver.events GROUP BY site)
          GROUP BY site`,
  },
  {
    name: 'what arrived was counted, doubled, excluded or refused',
    lasts: true,
    sql: `SELECT site AS where, sumIf(events, kind NOT IN ('arrived', 'withheld')) AS found, sumIf(events, kind = 'arrived') AS expected
          FROM silver.ledger GROUP BY site`,
  },
  ...['pageviews', 'events', 'conversions'].map((metric) => ({
    name: `${metric} of gold are those of silver`,
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sum(${metric}) AS found, 0 AS expected FROM gold.traffic WHERE dimension = '' GROUP BY site
            UNION ALL
            SELECT site, 0, sum(sign * ${{ pageviews: "(type = 'page_view')", events: "(type != 'engagement')", conversions: 'is_conversion' }[metric]})
            FROM silver.events GROUP BY site)
          GROUP BY site`,
  })),
  ...['visits', 'bounces', 'duration_s'].map((metric) => ({
    name: `${metric} of gold are those of silver`,
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sum(${metric}) AS found, 0 AS expected FROM gold.visits WHERE dimension = '' GROUP BY site
            UNION ALL
            SELECT site, 0, sum(sign * ${{ visits: '1', bounces: 'toInt64(is_bounce)', duration_s: 'toInt64(duration_s)' }[metric]})
            FROM silver.sessions GROUP BY site)
          GROUP BY site`,
  })),
  ...[
    { metric: 'events', table: 'traffic' },
    { metric: 'visits', table: 'visits' },
  ].map(({ metric, table }) => ({
    name: `${metric} of each span of hours are those of its quarters of an hour`,
    sql: `SELECT where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site AS where, dimension, span, sum(${metric}) AS found, 0 AS expected FROM gold.${table}_spans GROUP BY ALL
            UNION ALL SELECT site, dimension, arrayJoin([1, 24, 168, 672]) AS span, 0, sum(${metric}) FROM gold.${table} GROUP BY ALL)
          GROUP BY where, dimension, span`,
  })),
  {
    name: 'events of the filtered roll-up are those of silver',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sum(events) AS found, 0 AS expected FROM gold.activity GROUP BY site
            UNION ALL SELECT site, 0, sum(toInt64(sign)) FROM silver.events GROUP BY site)
          GROUP BY site`,
  },
  {
    name: 'visits of the filtered roll-up are those of silver',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, sum(visits) AS found, 0 AS expected FROM gold.stays GROUP BY site
            UNION ALL SELECT site, 0, sum(toInt64(sign)) FROM silver.sessions GROUP BY site)
          GROUP BY site`,
  },
  {
    name: 'moments of each kind are those of silver',
    sql: `SELECT concat(site, ', ', facet) AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, toString(facet) AS facet, sum(toInt64(sign)) AS found, 0 AS expected FROM gold.moments GROUP BY site, facet
            UNION ALL
            SELECT site, facet, 0, sum(toInt64(sign)) FROM silver.events ARRAY JOIN arrayConcat(
              ${Object.entries(momentsOf)
                .map(([facet, condition]) => `if(${condition}, ['${facet}'], [])`)
                .join(', ')}) AS facet
            GROUP BY site, facet)
          GROUP BY where`,
  },
  {
    name: 'what was paid at moments is what was paid in silver, in thousandths',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, toInt64(sum(sign * revenue) * 1000) AS found, 0 AS expected FROM gold.moments WHERE facet = 'payment' GROUP BY site
            UNION ALL SELECT site, 0, toInt64(sum(sign * revenue) * 1000) FROM silver.events WHERE currency != '' GROUP BY site)
          GROUP BY site`,
  },
  {
    name: 'dead letters are those that the ledger says were refused',
    sql: `SELECT site AS where, sum(found) AS found, sum(expected) AS expected FROM (
            SELECT site, toInt64(count()) AS found, 0 AS expected FROM bronze.dead_letters GROUP BY site
            UNION ALL SELECT site, 0, sum(records) FROM silver.ledger WHERE kind = 'refused' GROUP BY site)
          GROUP BY site`,
  },
]

/** Offsets in bronze against the pipeline's position: none is missing and none is there twice. */
const checkOffsets = async (store: Store, partition: number, next: number): Promise<(Check & { lasts?: true })[]> => {
  const [row] = await store.query<{ records: number; offsets: number; first: number }>(
    `SELECT count() AS records, uniqExact(Offset) AS offsets, min(Offset) AS first FROM (
       SELECT Offset FROM bronze.web_cookies WHERE PartitionId = {partition:UInt16}
       UNION ALL SELECT Offset FROM bronze.dead_letters WHERE PartitionId = {partition:UInt16})`,
    { partition },
  )
  const [erased] = await store.query<{ records: number }>(
    `SELECT sum(records) AS records FROM silver.ledger WHERE kind = 'erased' AND stream_partition = {partition:UInt16}`,
    { partition },
  )
  const where = `partition ${partition}`
  const { records = 0, offsets = 0, first = 0 } = row ?? {}
  const gone = erased?.records ?? 0
  return [
    { name: 'no record is in bronze twice', lasts: true, where, found: records, expected: offsets },
    {
      name: 'no offset is missing from bronze',
      where,
      found: offsets + gone,
      expected: next - (gone > 0 ? 0 : first),
    },
  ]
}

/**
 * Looks at the invariants on what is stored. Nothing may be stored meanwhile, see `Pipeline.still`.
 * @param onCheck gets each, the good and the bad, as it is done
 * @returns how many differ
 */
export const verify = async (options: {
  store: Store
  positions: Pick<Positions, 'reached'>
  partitions: number
  /** Whether layers are kept for different times: then they are not compared. */
  isExpiring?: boolean
  onCheck: (check: Check) => void
}): Promise<number> => {
  const { store, positions, partitions, isExpiring = false, onCheck } = options
  let differing = 0
  const look = (check: Check): void => {
    if (check.found !== check.expected) differing++
    onCheck(check)
  }
  for (const [partition, { next }] of (await positions.reached(partitions)).entries()) {
    for (const check of await checkOffsets(store, partition, next)) {
      if (!isExpiring || check.lasts)
        look({ name: check.name, where: check.where, found: check.found, expected: check.expected })
    }
  }
  const unaccounted = await countUnaccounted(store, positions, partitions)
  look({ name: 'every record of the stream is in the ledger', where: 'all sites', found: unaccounted, expected: 0 })
  for (const { name, sql, lasts } of comparisons) {
    if (isExpiring && !lasts) continue
    const rows = await store.query<Compared>(sql)
    const wrong = rows.filter(({ found, expected }) => found !== expected)
    for (const { where, found, expected } of wrong) look({ name, where: `site ${where || '(none)'}`, found, expected })
    if (wrong.length === 0) {
      const sum = rows.reduce((total, { found }) => total + found, 0)
      look({ name, where: 'all sites', found: sum, expected: sum })
    }
  }
  return differing
}
