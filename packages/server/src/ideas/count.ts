import type { Grade, Idea } from '@clickwatch/contract'
import { Bound } from '../query/bound.ts'
import { localText } from '../query/calendar.ts'
import type { Reader } from '../query/run.ts'
import type { Counting } from './counting.ts'
import type { DayCohort, GradeCounts, IdeaCounts, Revenue, Stratum, VariantCounts } from './counts.ts'
import { type Health, healthOf } from './health.ts'
import {
  exposuresSql,
  holdoutVariant,
  momentOf,
  onlyVariant,
  paidSql,
  reachedSql,
  type Shown,
  strataSql,
  variantsOf,
} from './moments.ts'

/** How long back `now` reaches, for the rate of visitors. */
const rateDays = 7
const dayMs = 86_400_000

/** Of those of one variant first shown it on one day, or of one stratum. */
type Row = {
  is_day: number
  /** From 1 on, as they are in `variantsOf`. */
  variant: number
  day: string
  source: string
  device: string
  country: string
  is_returning: boolean
  exposed: number
  several: number
  recent: number
  payers?: number
  paid?: number
  paid_squares?: number
  /** What was paid in, as numbers that stand for it. */
  currencies?: string[]
  earliest_ms: number
} & Record<`reached${number}`, number>

/** What is counted of an idea by itself: everything that is a row of some visitors. */
export type Counted = Pick<IdeaCounts, 'variants' | 'several_variants' | 'visitors_per_day' | 'first_exposure'>

/** Whether money may come of it. */
const isEarning = ({ ladder }: Shown): boolean =>
  ladder.some(({ grade, rule }) => grade === 'payment' || rule.type === 'revenue')

/** The rungs above the first, in which a visitor may stand once the idea was shown. */
const rungsAbove = ({ ladder }: Shown) => ladder.slice(1)

/** What is paid and what is taken back of it, as SQL, where money may come of an idea. */
const takingsOf = (idea: Shown, currency: string, bound: Bound, rung: number) => ({
  part: `SELECT visitor, toUInt8(if(times > 0, ${rung}, ${rung + 1})) AS rung, at AS place, paid_in AS code, amount
    FROM (${paidSql(idea, currency, bound)})`,
  ofOthers: ', 0. AS amount',
  gathered: `, groupArrayIf((place, amount, code, if(rung = ${rung}, 1, -1)), rung >= ${rung}) AS transfers`,
  ofVisitor: `,
    arrayFilter(each -> each.1 >= first_ms, transfers) AS paid_after,
    arraySum(each -> each.2, paid_after) AS amount, arraySum(each -> each.4, paid_after) AS payments,
    arrayDistinct(arrayMap(each -> each.3, paid_after)) AS paid_in`,
  sums: `,
    countIf(NOT is_several AND payments > 0) AS payers,
    sumIf(amount, NOT is_several AND payments > 0) AS paid,
    sumIf(amount * amount, NOT is_several AND payments > 0) AS paid_squares,
    arrayMap(each -> toString(each), groupUniqArrayArrayIf(paid_in, NOT is_several)) AS currencies`,
})
const noTakings = { part: undefined, ofOthers: '', gathered: '', ofVisitor: '', sums: '' }

/**
 * One pass over all that may have put a visitor on a rung, into a few numbers of each visitor: there may be millions of them, and what is
 * kept of each is what time and memory go into. `code` says in one number whom an exposure was shown to, and what they were shown.
 */
const sqlOf = (idea: Shown, { currency }: Counting, bound: Bound): string => {
  const rungs = rungsAbove(idea).map(({ rule }, index) => ({ rule, number: index + 1 }))
  const takings = isEarning(idea) ? takingsOf(idea, currency, bound, rungs.length + 1) : noTakings
  const exposures = `SELECT visitor, toUInt8(0) AS rung, place,
      stratum * 1024 + number * 4 + toUInt8(is_returning) * 2 + toUInt8(is_meant) AS code${takings.ofOthers}
    FROM (${exposuresSql(idea, bound)})`
  const reached = rungs.map(
    ({ rule, number }) =>
      `SELECT visitor, toUInt8(${number}) AS rung, at AS place, toUInt64(0) AS code${takings.ofOthers} FROM (${reachedSql(rule, bound)})`,
  )
  const all = [exposures, ...reached, ...(takings.part === undefined ? [] : [takings.part])].join('\nUNION ALL\n')
  const each = (column: (number: number) => string): string => rungs.map(({ number }) => `, ${column(number)}`).join('')
  const variantOf = (code: string): string => `toUInt8(bitAnd(bitShiftRight(${code}, 2), 255))`
  const isSeveral =
    idea.variants === undefined
      ? 'false'
      : `minIf(${variantOf('code')}, rung = 0) != maxIf(${variantOf('code')}, rung = 0)`
  const ofVisitors = `
    SELECT visitor, ${momentOf('minIf(place, rung = 0)')} AS first_ms, argMinIf(code, place, rung = 0) AS first_code,
      ${isSeveral} AS is_several${each((number) => `maxIf(place, rung = ${number}) AS last${number}`)}${takings.gathered}
    FROM (${all})
    GROUP BY visitor HAVING countIf(rung = 0) > 0 AND bitTest(first_code, 0)`
  const groups = `
    SELECT grouping(day) = 0 AS is_day, variant, day, stratum, is_returning,
      countIf(NOT is_several) AS exposed${each((number) => `countIf(NOT is_several AND last${number} >= first_ms) AS reached${number}`)},
      countIf(is_several) AS several, countIf(NOT is_several AND first_ms >= {recent_ms:Int64}) AS recent,
      min(first_ms) AS earliest_ms${takings.sums}
    FROM (
      SELECT *, ${variantOf('first_code')} AS variant, bitShiftRight(first_code, 10) AS stratum, bitTest(first_code, 1) AS is_returning,
        toDate(fromUnixTimestamp64Milli(first_ms, {tz:String})) AS day${takings.ofVisitor}
      FROM (${ofVisitors}))
    GROUP BY GROUPING SETS ((variant, day), (variant, stratum, is_returning))`
  return `
    SELECT counted.* EXCEPT (day, stratum), toString(counted.day) AS day, strata.source, strata.device, strata.country
    FROM (${groups}) AS counted LEFT JOIN (${strataSql(idea, bound)}) AS strata ON counted.stratum = strata.stratum
    ORDER BY variant, counted.day, exposed DESC, source, device, country, is_returning`
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
  const days = rows.filter(({ is_day }) => is_day)
  const sum = (of: readonly Row[], column: 'exposed' | 'several' | 'recent' | 'payers' | 'paid' | 'paid_squares') =>
    of.reduce((all, row) => all + (row[column] ?? 0), 0)
  const currencies = new Set(days.flatMap((row) => row.currencies ?? []))
  const hasRevenue = isEarning(idea) && currencies.size <= 1

  const reachedOf = (of: readonly Row[]): GradeCounts => {
    const [seen] = idea.ladder
    const counts: GradeCounts = seen ? { [seen.grade]: sum(of, 'exposed') } : {}
    for (const [index, { grade }] of rungsAbove(idea).entries())
      counts[grade as Grade] = of.reduce((all, row) => all + (row[`reached${index + 1}`] ?? 0), 0)
    return counts
  }
  const revenueOf = (of: readonly Row[]): Revenue | null =>
    hasRevenue ? { payers: sum(of, 'payers'), sum: sum(of, 'paid'), sum_of_squares: sum(of, 'paid_squares') } : null
  const ofVariant = (variant: string, index: number): VariantCounts => {
    const own = rows.filter((row) => row.variant === index + 1 && row.exposed > 0)
    const ofDays = own.filter(({ is_day }) => is_day)
    return {
      variant,
      weight: weightOf(idea, variant),
      is_holdout: variant === holdoutVariant && idea.variants !== undefined,
      exposed: sum(ofDays, 'exposed'),
      reached: reachedOf(ofDays),
      revenue: revenueOf(ofDays),
      days: ofDays.map((row): DayCohort => ({ day: row.day, exposed: row.exposed, reached: reachedOf([row]) })),
      strata: own
        .filter(({ is_day }) => !is_day)
        .map(
          (row): Stratum => ({
            source: row.source,
            device: row.device,
            country: row.country,
            returning: Boolean(row.is_returning),
            exposed: row.exposed,
            reached: reachedOf([row]),
          }),
        ),
    }
  }
  const firstMs = days.length > 0 ? Math.min(...days.map(({ earliest_ms }) => earliest_ms)) : undefined
  return {
    variants: variantsOf(idea).map(ofVariant),
    several_variants: sum(days, 'several'),
    visitors_per_day:
      firstMs === undefined ? 0 : sum(days, 'recent') / rateSpanDays(Math.max(firstMs, recentMs), nowMs),
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
