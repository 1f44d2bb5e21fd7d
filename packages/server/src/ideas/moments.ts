import type { Filter, GoalRule, NewIdea } from '@clickwatch/contract'
import type { Bound } from '../query/bound.ts'
import { type columnsOf, isOnlyOfVisits } from '../query/dimensions.ts'
import { conditionsOf, isGroup, type PlainFilter, plainFilters } from '../query/filters.ts'
import { goalCondition, onPath } from '../query/goals.ts'
import { gold, type Layer, silver, within, withinVisits } from '../query/layers.ts'

// An idea's rules as SQL over gold.moments, in which what was done to one thing lies together. Every statement has the parameters `site`,
// `from_ms` and `to_ms`.

/** What stands for the one variant of an idea that has none, and for those who are shown none. */
export const onlyVariant = 'only'
export const holdoutVariant = 'holdout'

const moments: Layer = { ...gold, events: { from: 'gold.moments', time: 'time' }, stands: undefined }

const elementFacets = "facet IN ('click', 'hover', 'cta_seen', 'rage_click')"

/** Conditions on rows of gold.moments; undefined of a rule that only silver knows. */
const conditionsOfRule = (rule: GoalRule, bound: Bound): string[] | undefined => {
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
        facetIs('depth'),
        onPath(rule.path, bound, 'subject'),
        `scroll_depth >= ${bound.add(rule.depth, 'Int64')}`,
      ]
    case 'time':
      return undefined
  }
}

// What is taken back stands there again, so that rows with sign -1 say nothing of when something was done (008-ideas.sql).
const stands = 'sign = 1'

/** A SELECT of `visitor` and `time`: whenever a rule was met. */
export const reachedSql = (rule: GoalRule, bound: Bound): string => {
  const conditions = conditionsOfRule(rule, bound)
  if (conditions === undefined) {
    const where = [...within('time'), goalCondition(rule, bound, silver)].join(' AND ')
    return `SELECT sipHash64(visitor_id) AS visitor, time FROM silver.events FINAL WHERE ${where}`
  }
  const where = [...within('time'), ...conditions, stands].join(' AND ')
  if (rule.type !== 'scroll') return `SELECT visitor, time FROM gold.moments WHERE ${where}`
  // A page is scrolled so far once a visit, when it is. What is taken back may be there again under another visit, so that both would count.
  return `SELECT visitor, min(time) AS time FROM (SELECT visitor, session, subject, moments.time FROM gold.moments FINAL WHERE ${where})
    GROUP BY visitor, session, subject`
}

/** The idea as far as it says who was shown it. */
export type Shown = Pick<NewIdea, 'key' | 'ladder' | 'audience' | 'variants' | 'holdout'>

/** The names under which exposures of an idea count; the baseline first. */
export const variantsOf = ({ variants, holdout = 0 }: Shown): string[] =>
  variants === undefined ? [onlyVariant] : [...variants.map(({ key }) => key), ...(holdout > 0 ? [holdoutVariant] : [])]

/** Where exposures stand, and the conditions on rows there. */
const exposures = (
  idea: Shown,
  bound: Bound,
): { from: string; where: string[]; isSilver: boolean; variant: string } => {
  if (idea.variants !== undefined) {
    const names = bound.add(variantsOf(idea), 'Array(String)')
    const conditions = [
      "facet = 'exposure'",
      `subject = ${bound.add(idea.key, 'String')}`,
      `variant IN ${names}`,
      stands,
    ]
    return {
      from: 'gold.moments',
      where: [...within('time'), ...conditions],
      isSilver: false,
      variant: 'toString(variant)',
    }
  }
  const rule = idea.ladder[0]?.rule
  if (!rule) throw new Error('an idea has a ladder')
  const conditions = conditionsOfRule(rule, bound)
  const variant = `'${onlyVariant}'`
  return conditions === undefined
    ? {
        from: 'silver.events FINAL',
        where: [...within('time'), goalCondition(rule, bound, silver)],
        isSilver: true,
        variant,
      }
    : { from: 'gold.moments', where: [...within('time'), ...conditions, stands], isSilver: false, variant }
}

const dimensionsIn = (filter: PlainFilter): string[] => {
  if (isGroup<PlainFilter>(filter)) return filter[1].flatMap(dimensionsIn)
  if (filter[0] === 'not' || filter[0] === 'has_done' || filter[0] === 'has_not_done') return dimensionsIn(filter[1])
  return [String(filter[1])]
}

/** Whether the visit of an exposure is of the audience, as SQL over its row. */
const meantSql = (audience: readonly Filter[], isSilver: boolean, bound: Bound): string => {
  if (audience.length === 0) return 'true'
  const plain = plainFilters(audience, [], [], 'audience')
  if (isSilver) return conditionsOf(plain, [], silver, bound).events.join(' AND ')
  const isOfVisit = plain
    .flatMap(dimensionsIn)
    .some((dimension) => isOnlyOfVisits(dimension as Parameters<typeof columnsOf>[0]))
  if (!isOfVisit) return conditionsOf(plain, [], moments, bound).events.join(' AND ')
  const conditions = [...withinVisits('bucket'), ...conditionsOf(plain, [], gold, bound).sessions].join(' AND ')
  return `session IN (SELECT session FROM gold.stays FINAL WHERE ${conditions})`
}

// One whole number, since the first of something by it costs a fraction of the first by a tuple.
const place = 'toUnixTimestamp64Milli(time) * 1024 + 1023 - least(version, 1023)'

/** What stands between the parts of `shown`. */
export const between = "'\\0'"

/**
 * A SELECT of every exposure: `visitor`, `session`, `time`, `variant_hash`, `shown`, `is_meant`, and `place`, which orders them: of an event
 * that was corrected, and stands there more than once, the highest version comes first. `shown` is variant, source, device and country as
 * one text, since the first of four texts takes four times the memory, of which a page with millions of visitors has none to give.
 */
export const exposuresSql = (idea: Shown, bound: Bound): string => {
  const { from, where, isSilver, variant } = exposures(idea, bound)
  const ids = isSilver
    ? 'sipHash64(visitor_id) AS visitor, sipHash64(visitor_id, session_id) AS session'
    : 'visitor, session'
  return `SELECT ${ids}, time, sipHash64(${variant}) AS variant_hash,
      concat(${[variant, 'source', 'device', 'country'].join(`, ${between}, `)}) AS shown, ${place} AS place, ${meantSql(idea.audience ?? [], isSilver, bound)} AS is_meant
    FROM ${from} WHERE ${where.join(' AND ')}`
}

/** A SELECT of the visits of exposures that were not the first of their visitor. */
export const returningSql = (idea: Shown, bound: Bound): string => {
  const { from, where, isSilver } = exposures(idea, bound)
  const session = isSilver ? 'sipHash64(visitor_id, session_id)' : 'session'
  return `SELECT session FROM gold.stays
    WHERE ${withinVisits('bucket').join(' AND ')} AND is_returning
      AND session IN (SELECT ${session} FROM ${from} WHERE ${where.join(' AND ')})
    GROUP BY session HAVING sum(visits) > 0`
}

/** A SELECT of `visitor`, `time`, `amount` and `currency` of what was paid, corrections as negative amounts; refunds are negative too. */
export const paidSql = ({ ladder }: Shown, currency: string, bound: Bound): string => {
  const rule = ladder.find(({ grade }) => grade === 'payment')?.rule
  const named = rule?.type === 'revenue' && rule.event_name !== undefined ? rule.event_name : undefined
  const where = [
    ...within('time'),
    "facet = 'payment'",
    ...(named === undefined ? [] : [`subject = ${bound.add(named, 'String')}`]),
    ...(currency === '' ? [] : [`currency = ${bound.add(currency, 'String')}`]),
  ]
  return `SELECT visitor, time, toFloat64(revenue) * sign AS amount, toInt8(sign) AS times, toString(currency) AS currency
    FROM gold.moments WHERE ${where.join(' AND ')}`
}
