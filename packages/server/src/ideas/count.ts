import type { Grade, Idea } from '@clickwatch/contract'
import { Bound } from '../query/bound.ts'
import { localText } from '../query/calendar.ts'
import type { Reader } from '../query/run.ts'
import type { Counting } from './counting.ts'
import type { DayCohort, GradeCounts, IdeaCounts, Revenue, Stratum, VariantCounts } from './counts.ts'
import { type Health, healthOf } from './health.ts'
import {
  between,
  exposuresSql,
  holdoutVariant,
  onlyVariant,
  paidSql,
  reachedSql,
  returningSql,
  type Shown,
  variantsOf,
} from './moments.ts'

/** How long back `now` reaches, for the rate of visitors. */
const rateDays = 7
const dayMs = 86_400_000

type Row = {
  variant: string
  day: string
  source: string
  device: string
  country: string
  is_returning: number
  of_variants: number
  of_days: number
  of_strata: number
  exposed: number
  payers: number
  paid: number
  paid_squares: number
  several: number
  recent: number
  currencies: number
  first_of_all_ms: number
} & Record<`reached${number}`, number>

/** What is counted of an idea by itself: everything that is a row of some visitors. */
export type Counted = Pick<IdeaCounts, 'variants' | 'several_variants' | 'visitors_per_day' | 'first_exposure'>

/** Whether money may come of it. */
const isEarning = ({ ladder }: Shown): boolean =>
  ladder.some(({ grade, rule }) => grade === 'payment' || rule.type === 'revenue')

/** The rungs above the first, in which a visitor may stand once the idea was shown. */
const rungsAbove = ({ ladder }: Shown) => ladder.slice(1)

const sqlOf = (idea: Shown, { currency }: Counting, bound: Bound): string => {
  const rungs = rungsAbove(idea)
  const shownColumns = 'session, variant_hash, shown, place, is_meant'
  const nothing =
    "toUInt64(0) AS session, toUInt64(0) AS variant_hash, '' AS shown, toInt64(0) AS place, false AS is_meant"
  const done = (rung: number, sql: string, more = "0. AS amount, toInt8(0) AS times, '' AS currency"): string =>
    `SELECT visitor, time, toUInt8(${rung}) AS rung, ${nothing}, ${more} FROM (${sql})`
  const paidRung = rungs.length + 1
  const parts = [
    `SELECT visitor, time, toUInt8(0) AS rung, ${shownColumns}, 0. AS amount, toInt8(0) AS times, '' AS currency FROM (${exposuresSql(idea, bound)})`,
    ...rungs.map(({ rule }, index) => done(index + 1, reachedSql(rule, bound))),
    ...(isEarning(idea) ? [done(paidRung, paidSql(idea, currency, bound), 'amount, times, currency')] : []),
  ]
  const lasts = rungs.map((_, index) => `maxIf(time, rung = ${index + 1}) AS last${index + 1},`).join('\n')
  const reached = rungs.map((_, index) => `last${index + 1} >= first AS has_reached${index + 1},`).join('\n')
  const firsts = ['shown AS first_shown', 'session AS first_session', 'is_meant AS is_of_audience']
    .map((column) => `argMinIf(${column.replace(' AS', ', place, rung = 0) AS')}`)
    .join(', ')
  const sums = rungs
    .map((_, index) => `countIf(NOT is_several AND has_reached${index + 1}) AS reached${index + 1},`)
    .join('\n')
  return `
    SELECT variant, day, source, device, country, is_returning,
      grouping(variant) = 0 AND grouping(day) = 1 AND grouping(source) = 1 AS of_variants,
      grouping(day) = 0 AS of_days, grouping(source) = 0 AS of_strata,
      countIf(NOT is_several) AS exposed,
      ${sums}
      countIf(NOT is_several AND payments > 0) AS payers,
      sumIf(amount, NOT is_several AND payments > 0) AS paid,
      sumIf(amount * amount, NOT is_several AND payments > 0) AS paid_squares,
      countIf(is_several) AS several,
      countIf(NOT is_several AND first_ms >= {recent_ms:Int64}) AS recent,
      length(arrayDistinct(arrayFlatten(groupUniqArrayIf(paid_in, NOT is_several)))) AS currencies,
      toInt64(min(first_ms)) AS first_of_all_ms
    FROM (
      SELECT visitor, splitByChar(${between}, first_shown) AS parts,
        parts[1] AS variant, parts[2] AS source, parts[3] AS device, parts[4] AS country,
        toUInt8(first_session IN (${returningSql(idea, bound)})) AS is_returning,
        is_several, toUnixTimestamp64Milli(first) AS first_ms, toString(toDate(toTimeZone(first, {tz:String}))) AS day,
        ${reached}
        arrayFilter(each -> each.1 >= first, paid) AS paid_after,
        arraySum(each -> each.2, paid_after) AS amount, arraySum(each -> each.3, paid_after) AS payments,
        arrayDistinct(arrayMap(each -> each.4, paid_after)) AS paid_in
      FROM (
        SELECT visitor, minIf(time, rung = 0) AS first,
          ${firsts},
          minIf(variant_hash, rung = 0) != maxIf(variant_hash, rung = 0) AS is_several,
          ${lasts}
          groupArrayIf((time, amount, times, currency), rung = ${paidRung}) AS paid
        FROM (${parts.join('\nUNION ALL\n')})
        GROUP BY visitor
        HAVING countIf(rung = 0) > 0 AND is_of_audience
      )
    )
    GROUP BY GROUPING SETS ((), (variant), (variant, day), (variant, source, device, country, is_returning))
    ORDER BY variant, day, exposed DESC, source, device, country, is_returning`
}

/** Counts an idea's visitors, each once, and what they did after they were first shown it. */
export const countVisitors = async (reader: Reader, idea: Shown, counting: Counting): Promise<Counted> => {
  const { site, timeZone, fromMs, nowMs } = counting
  const bound = new Bound()
  const sql = sqlOf(idea, counting, bound)
  const recentMs = nowMs - rateDays * dayMs
  const rows = await reader.query<Row>(sql, {
    ...bound.parameters,
    site,
    tz: timeZone,
    from_ms: fromMs,
    // What happens in this millisecond has happened.
    to_ms: nowMs + 1,
    recent_ms: recentMs,
  })
  const total = rows.find(({ of_variants, of_days, of_strata }) => !of_variants && !of_days && !of_strata)
  const hasRevenue = isEarning(idea) && (total?.currencies ?? 0) <= 1

  const reachedOf = (row: Row | undefined): GradeCounts => {
    const [seen] = idea.ladder
    const counts: GradeCounts = seen ? { [seen.grade]: row?.exposed ?? 0 } : {}
    for (const [index, { grade }] of rungsAbove(idea).entries())
      counts[grade as Grade] = row?.[`reached${index + 1}`] ?? 0
    return counts
  }
  const revenueOf = (row: Row | undefined): Revenue | null =>
    hasRevenue ? { payers: row?.payers ?? 0, sum: row?.paid ?? 0, sum_of_squares: row?.paid_squares ?? 0 } : null
  const ofVariant = (variant: string): VariantCounts => {
    const own = rows.filter((row) => row.variant === variant && row.exposed > 0)
    const row = own.find(({ of_variants }) => of_variants)
    return {
      variant,
      weight: weightOf(idea, variant),
      is_holdout: variant === holdoutVariant && idea.variants !== undefined,
      exposed: row?.exposed ?? 0,
      reached: reachedOf(row),
      revenue: revenueOf(row),
      days: own
        .filter(({ of_days }) => of_days)
        .map((each): DayCohort => ({ day: each.day, exposed: each.exposed, reached: reachedOf(each) })),
      strata: own
        .filter(({ of_strata }) => of_strata)
        .map(
          (each): Stratum => ({
            source: each.source,
            device: each.device,
            country: each.country,
            returning: each.is_returning === 1,
            exposed: each.exposed,
            reached: reachedOf(each),
          }),
        ),
    }
  }
  const firstMs = total && (total.exposed > 0 || total.several > 0) ? total.first_of_all_ms : undefined
  return {
    variants: variantsOf(idea).map(ofVariant),
    several_variants: total?.several ?? 0,
    visitors_per_day:
      firstMs === undefined ? 0 : (total?.recent ?? 0) / rateSpanDays(Math.max(firstMs, recentMs), nowMs),
    first_exposure: firstMs === undefined ? null : new Date(firstMs).toISOString(),
  }
}

/** A rate of less than a day is taken of a day: an hour tells little of the next one. */
const rateSpanDays = (sinceMs: number, nowMs: number): number => Math.max(1, (nowMs - sinceMs) / dayMs)

/** The shares that visitors are meant to be split into, of one; the holdout's beside the others'. */
const weightOf = ({ variants = [], holdout = 0 }: Shown, variant: string): number => {
  if (variant === onlyVariant && variants.length === 0) return 1
  if (variant === holdoutVariant) return holdout
  const all = variants.reduce((sum, { weight }) => sum + weight, 0)
  return ((variants.find(({ key }) => key === variant)?.weight ?? 0) / all) * (1 - holdout)
}

const planOf = (idea: Idea): IdeaCounts['plan'] => ({
  bar: idea.bar,
  intended_mix: (idea.intended_mix ?? []).map(({ dimension, shares }) => ({
    dimension: dimension.slice('visit:'.length) as IdeaCounts['plan']['intended_mix'][number]['dimension'],
    shares,
  })),
  budget: { visitors: idea.budget.visitors ?? null, days: idea.budget.days ?? null },
  cost_per_visitor: idea.cost_per_visitor ?? null,
  cost_to_build: idea.cost_to_build ?? null,
  value_of_converter: idea.value_of_converter ?? null,
  started_at: idea.counted_from,
  changed_at: idea.revisions.at(-1)?.at ?? null,
})

/** Everything that an idea's evidence is computed from, as of now. */
export const countIdea = async (
  reader: Reader,
  idea: Idea,
  counting: Omit<Counting, 'fromMs'>,
): Promise<IdeaCounts> => {
  const full: Counting = { ...counting, fromMs: Date.parse(idea.counted_from) }
  const [counted, health] = await Promise.all<[Promise<Counted>, Promise<Health>]>([
    countVisitors(reader, idea, full),
    healthOf(reader, idea, full),
  ])
  const { nowMs, timeZone } = counting
  return {
    ...counted,
    ...health,
    now: new Date(nowMs).toISOString(),
    today: localText(nowMs, timeZone).slice(0, 10),
    plan: planOf(idea),
  }
}
