import type { Filter, GoalRule, NewIdea } from '@clickwatch/contract'
import type { Bound } from '../query/bound.ts'
import { type columnsOf, isOnlyOfVisits } from '../query/dimensions.ts'
import { conditionsOf, isGroup, type PlainFilter, plainFilters } from '../query/filters.ts'
import { onPath } from '../query/goals.ts'
import { gold, type Layer, within, withinVisits } from '../query/layers.ts'

// An idea's rules as SQL over gold.moments, in which what was done to one thing lies together. Every statement has the parameters `site`,
// `from_ms` and `to_ms`.

/** What stands for the one variant of an idea that has none, and for those who are shown none. */
export const onlyVariant = 'only'
export const holdoutVariant = 'holdout'

const moments: Layer = { ...gold, events: { from: 'gold.moments', time: 'time' }, stands: undefined }

const elementFacets = "facet IN ('click', 'hover', 'cta_seen', 'rage_click')"

/** Conditions on rows of gold.moments. */
const conditionsOfRule = (rule: GoalRule, bound: Bound): string[] => {
  const facetIs = (facet: string): string => `facet = ${bound.add(facet, 'String')}`
  const subjectIs = (subject: string | undefined): string[] =>
    subject === undefined ? [] : [`subject = ${bound.add(subject, 'String')}`]
  const path = (pattern: string | undefined): string[] => (pattern === undefined ? [] : [onPath(pattern, bound)])
  switch (rule.type) {
    case 'page':
      return [facetIs('page'), onPath(rule.path, bound, 'subject')]
    case 'event':
      return [facetIs('event'), ...subjectIs(rule.event_name)]
    case 'element':
      return [
        rule.action === undefined ? elementFacets : facetIs(rule.action),
        ...subjectIs(rule.element),
        ...path(rule.path),
      ]
    case 'form':
      return [facetIs('submit'), ...subjectIs(rule.element), ...path(rule.path)]
    case 'revenue':
      return [
        facetIs('payment'),
        ...subjectIs(rule.event_name),
        `toFloat64(revenue) >= ${bound.add(rule.at_least ?? 0, 'Float64')}`,
      ]
    case 'scroll':
      return [
        facetIs('attention'),
        onPath(rule.path, bound, 'subject'),
        `scroll_depth >= ${bound.add(rule.depth, 'Int64')}`,
      ]
    case 'time':
      return [
        facetIs('attention'),
        ...(rule.path === undefined ? [] : [onPath(rule.path, bound, 'subject')]),
        'engaged_ms > 0',
      ]
  }
}

// What is taken back stands there again, so that rows with sign -1 say nothing of when something was done (013-moments.sql).
const stands = 'sign = 1'

/** Rows under the visits that they belong to: what is taken back must not count under another. */
const ofVisits = (rule: GoalRule, bound: Bound): string => {
  const where = [...within('time'), ...conditionsOfRule(rule, bound)].join(' AND ')
  return `FROM gold.moments WHERE ${where} AND ${stands}
    AND (session, event, version) NOT IN (SELECT session, event, version FROM gold.moments WHERE ${where} AND sign = -1)`
}

/** A SELECT of `visitor`, `session` and `at`, once for each visit in which so much was read: when it was. */
const readSql = (rule: GoalRule & { type: 'time' }, bound: Bound): string => {
  const wanted = bound.add(rule.seconds * 1000, 'Int64')
  return `SELECT visitor, session, stays.1[arrayFirstIndex(read -> read >= ${wanted}, arrayCumSum(stays.2))] AS at
    FROM (
      SELECT session, any(moments.visitor) AS visitor,
        arraySort(groupArray((toUnixTimestamp64Milli(moments.time), moments.engaged_ms))) AS stays
      ${ofVisits(rule, bound)} GROUP BY session HAVING sum(moments.engaged_ms) >= ${wanted})`
}

/**
 * A SELECT of `visitor` and `at`, in milliseconds since 1970: whenever a rule was met. A page is scrolled so far once a visit, and so much
 * is read once a visit, when it is.
 */
export const reachedSql = (rule: GoalRule, bound: Bound): string => {
  switch (rule.type) {
    case 'time':
      return `SELECT visitor, at FROM (${readSql(rule, bound)})`
    case 'scroll':
      // When, and whose, in one number of each visit.
      return `SELECT toUInt64(bitAnd(crossing, toUInt128(18446744073709551615))) AS visitor, toInt64(bitShiftRight(crossing, 64)) AS at
        FROM (
          SELECT min(bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(moments.time)), 64), toUInt128(moments.visitor))) AS crossing
          ${ofVisits(rule, bound)} GROUP BY session${rule.path.includes('*') ? ', subject' : ''})`
    default: {
      const where = [...within('time'), ...conditionsOfRule(rule, bound), stands].join(' AND ')
      return `SELECT visitor, toUnixTimestamp64Milli(time) AS at FROM gold.moments WHERE ${where}`
    }
  }
}

/** The idea as far as it says who was shown it. */
export type Shown = Pick<NewIdea, 'key' | 'ladder' | 'audience' | 'variants' | 'holdout'>

/** The names under which exposures of an idea count; the baseline first. */
export const variantsOf = ({ variants, holdout = 0 }: Shown): string[] =>
  variants === undefined ? [onlyVariant] : [...variants.map(({ key }) => key), ...(holdout > 0 ? [holdoutVariant] : [])]

/** Conditions on rows of gold.moments that are exposures. */
const areExposures = (idea: Shown, bound: Bound): string => {
  const conditions = (): string[] => {
    if (idea.variants !== undefined) {
      const names = bound.add(variantsOf(idea), 'Array(String)')
      return ["facet = 'exposure'", `subject = ${bound.add(idea.key, 'String')}`, `variant IN ${names}`]
    }
    const rule = idea.ladder[0]?.rule
    if (!rule) throw new Error('an idea has a ladder')
    const is = conditionsOfRule(rule, bound)
    if (rule.type !== 'time') return is
    return [...is, `(session, toUnixTimestamp64Milli(time)) IN (SELECT session, at FROM (${readSql(rule, bound)}))`]
  }
  return [...within('time'), ...conditions(), stands].join(' AND ')
}

const dimensionsIn = (filter: PlainFilter): string[] => {
  if (isGroup<PlainFilter>(filter)) return filter[1].flatMap(dimensionsIn)
  if (filter[0] === 'not' || filter[0] === 'has_done' || filter[0] === 'has_not_done') return dimensionsIn(filter[1])
  return [String(filter[1])]
}

/** Whether the visit of an exposure is of the audience, as SQL over its row. */
const meantSql = (audience: readonly Filter[], bound: Bound): string => {
  if (audience.length === 0) return 'true'
  const plain = plainFilters(audience, [], [], 'audience')
  const isOfVisit = plain
    .flatMap(dimensionsIn)
    .some((dimension) => isOnlyOfVisits(dimension as Parameters<typeof columnsOf>[0]))
  if (!isOfVisit) return conditionsOf(plain, [], moments, bound).events.join(' AND ')
  const conditions = [...withinVisits('bucket'), ...conditionsOf(plain, [], gold, bound).sessions].join(' AND ')
  return `session IN (SELECT session FROM gold.stays FINAL WHERE ${conditions})`
}

/**
 * Which source, device and country an exposure is of, as a number: each is hashed by itself, which takes as long as a column has values,
 * and not as rows. Of millions of visitors a number is kept in a fraction of what three texts take.
 */
const stratum = ['source', 'device', 'country'].map((column) => `sipHash64('${column}', moments.${column})`).join(' + ')

/** Of an event that was amended, and stands there more than once, what was said last comes first: versions end with a count of that. */
const place = 'toUnixTimestamp64Milli(time) * 1024 + 1023 - version % 1024'

/** SQL of the moment, in milliseconds since 1970, of a place. */
export const momentOf = (ofPlace: string): string => `intDiv(${ofPlace}, 1024)`

/**
 * A SELECT of every exposure: `visitor`, `place`, which orders them, `number`, its variant's from 1 on, `stratum`, a number below 2^53,
 * `is_returning` and `is_meant`.
 */
export const exposuresSql = (idea: Shown, bound: Bound): string => {
  const variant =
    idea.variants === undefined ? '1' : `indexOf(${bound.add(variantsOf(idea), 'Array(String)')}, variant)`
  return `SELECT visitor, ${place} AS place, toUInt8(${variant}) AS number, bitShiftRight(${stratum}, 11) AS stratum, is_returning,
      ${meantSql(idea.audience ?? [], bound)} AS is_meant
    FROM gold.moments WHERE ${areExposures(idea, bound)}`
}

/** A SELECT of the `stratum` of exposures, and of its `source`, `device` and `country`. */
export const strataSql = (idea: Shown, bound: Bound): string =>
  `SELECT bitShiftRight(${stratum}, 11) AS stratum, any(moments.source) AS source, any(moments.device) AS device, any(moments.country) AS country
    FROM gold.moments WHERE ${areExposures(idea, bound)} GROUP BY stratum`

/** A SELECT of `visitor`, `at`, `amount` and `paid_in`, a number that stands for the currency, of what was paid, corrections as negative amounts; refunds are negative too. */
export const paidSql = ({ ladder }: Shown, currency: string, bound: Bound): string => {
  const rule = ladder.find(({ grade }) => grade === 'payment')?.rule
  const named = rule?.type === 'revenue' && rule.event_name !== undefined ? rule.event_name : undefined
  const where = [
    ...within('time'),
    "facet = 'payment'",
    ...(named === undefined ? [] : [`subject = ${bound.add(named, 'String')}`]),
    ...(currency === '' ? [] : [`currency = ${bound.add(currency, 'String')}`]),
  ]
  return `SELECT visitor, toUnixTimestamp64Milli(time) AS at, toFloat64(revenue) * sign AS amount, toInt8(sign) AS times, sipHash64(toString(currency)) AS paid_in
    FROM gold.moments WHERE ${where.join(' AND ')}`
}
