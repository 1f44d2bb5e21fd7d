import type { Grade, Idea } from '@clickwatch/contract'
import { Bound } from '../query/bound.ts'
import { localText } from '../query/calendar.ts'
import type { Reader } from '../query/run.ts'
import type { Counting } from './counting.ts'
import type { DayCohort, GradeCounts, IdeaCounts, Revenue, Stratum, VariantCounts } from './counts.ts'
import { type Health, healthOf } from './health.ts'
import { holdoutVariant, onlyVariant, type Shown, strataSql, variantsOf } from './moments.ts'
import { type NamedStratum, named } from './stratum-names.ts'
import { isEarning, rungsAbove, takingsSql, visitorsSql } from './visitors.ts'

/** How long back `now` reaches, for the rate of visitors. */
const rateDays = 7
const dayMs = 86_400_000

/** Of those of one variant first shown it on one day, or of one stratum. */
type Row = {
  is_day: number
  /** From 1 on, as they are in `variantsOf`. */
  variant: number
  day: string
  stratum: number
  is_returning: number
  exposed: number
  several: number
  recent: number
  earliest_ms: number
} & Record<`reached${number}`, number>

type TakingsRow = {
  variant: number
  payers: number
  paid: number
  paid_squares: number
  /** What was paid in, as numbers that stand for it. */
  currencies: string[]
}

/** What is counted of an idea by itself: everything that is a row of some visitors. */
export type Counted = Pick<IdeaCounts, 'variants' | 'several_variants' | 'visitors_per_day' | 'first_exposure'>

/** Counts an idea's visitors, each once, and what they did after they were first shown it. */
export const countVisitors = async (reader: Reader, idea: Shown, counting: Counting): Promise<Counted> => {
  const { site, timeZone, fromMs, nowMs } = counting
  const recentMs = nowMs - rateDays * dayMs
  // What happens in this millisecond has happened.
  const parameters = { site, tz: timeZone, from_ms: fromMs, to_ms: nowMs + 1, recent_ms: recentMs }
  const ask = <Found>(sqlOf: (bound: Bound) => string): Promise<Found[]> => {
    const bound = new Bound()
    const sql = sqlOf(bound)
    return reader.query<Found>(sql, { ...bound.parameters, ...parameters })
  }
  // In this order, whatever is stored meanwhile: whoever has paid is among those who are counted next, and each of them is of a stratum
  // that is named after that.
  const takings = isEarning(idea) ? await ask<TakingsRow>((bound) => takingsSql(idea, counting, bound)) : []
  const rows = await ask<Row>((bound) => visitorsSql(idea, bound))
  const strata = rows.flatMap(({ is_day, stratum }) => (is_day ? [] : [stratum]))
  const nameOf = await named(strata, () => ask<NamedStratum>((bound) => strataSql(idea, bound)))
  const days = rows.filter(({ is_day }) => is_day)
  const sum = (of: readonly Row[], column: 'exposed' | 'several' | 'recent') =>
    of.reduce((all, row) => all + row[column], 0)
  const hasRevenue = isEarning(idea) && new Set(takings.flatMap(({ currencies }) => currencies)).size <= 1

  const reachedOf = (of: readonly Row[]): GradeCounts => {
    const [seen] = idea.ladder
    const counts: GradeCounts = seen ? { [seen.grade]: sum(of, 'exposed') } : {}
    for (const [index, { grade }] of rungsAbove(idea).entries())
      counts[grade as Grade] = of.reduce((all, row) => all + (row[`reached${index + 1}`] ?? 0), 0)
    return counts
  }
  const revenueOf = (number: number): Revenue | null => {
    if (!hasRevenue) return null
    const { payers = 0, paid = 0, paid_squares = 0 } = takings.find(({ variant }) => variant === number) ?? {}
    return { payers, sum: paid, sum_of_squares: paid_squares }
  }
  const ofVariant = (variant: string, index: number): VariantCounts => {
    const own = rows.filter((row) => row.variant === index + 1 && row.exposed > 0)
    const ofDays = own.filter(({ is_day }) => is_day)
    return {
      variant,
      weight: weightOf(idea, variant),
      is_holdout: variant === holdoutVariant && idea.variants !== undefined,
      exposed: sum(ofDays, 'exposed'),
      reached: reachedOf(ofDays),
      revenue: revenueOf(index + 1),
      days: ofDays.map((row): DayCohort => ({ day: row.day, exposed: row.exposed, reached: reachedOf([row]) })),
      strata: own
        .filter(({ is_day }) => !is_day)
        .map(
          (row): Stratum => ({
            ...nameOf(row.stratum),
            returning: row.is_returning === 1,
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
