import Type, { type Static } from 'typebox'
import { type Decision, type Idea, NewIdea } from './idea.ts'
import type { IdeaEvidence, Interval, Recommendation } from './idea-evidence.ts'

/** `GET /api/sites/:site/ideas`: the latest last. One alone, `GET …/:id`, is an `Idea`. */
export type IdeasAnswer = { ideas: Idea[] }

/** What it cost so far, where a cost per visitor is known; per visitor who reached the bar's grade, null while there is none. */
export type IdeaCost = { spent: number; per_interested: number | null }

/** `GET /api/sites/:site/ideas/:id/report`, as of now. */
export type IdeaReport = {
  idea: Idea
  /** With the recommendation, and the data's health. */
  evidence: IdeaEvidence
  /** Since its count began; null where no cost per visitor is known. */
  cost: IdeaCost | null
  /** When it was read, ISO 8601. */
  as_of: string
  /** What the tables held then: how far each partition of the stream was counted. */
  tables_version: string
  /** Days of the evidence are of this time zone. */
  timezone: string
  /** What revenue and costs are in; '' where the site has not said. */
  currency: string
}

/** `GET /api/sites/:site/ideas/:id/decisions/:decision`: what was decided, and the report as it was at that moment. */
export type DecidedReport = { decision: Decision; report: IdeaReport }

/** One line of `GET /api/sites/:site/ideas/portfolio`. */
export type PortfolioIdea = Pick<
  Idea,
  'id' | 'key' | 'name' | 'template' | 'status' | 'bar' | 'budget' | 'created_at' | 'locked_at' | 'counted_from'
> & {
  /** The variant the recommendation speaks of; all numbers are of it. */
  variant: string
  exposed: number
  /** How many reached the bar's grade. */
  reached: number
  rate: number | null
  credible: Interval
  always_valid: Interval
  probability_met: number
  settled: 'above' | 'below' | null
  recommendation: Recommendation
  /** Of all variants together. */
  visitors: number
  visitors_per_day: number
  /** Of all variants together; null where no cost per visitor is known. */
  cost: IdeaCost | null
  /** How often the count was begun anew. */
  revisions: number
  /** The last one. */
  decision: Decision | null
}
/** `GET /api/sites/:site/ideas/portfolio`: the latest first. */
export type PortfolioAnswer = { ideas: PortfolioIdea[]; as_of: string; timezone: string; currency: string }

const { ladder, audience, bar, budget, cost_per_visitor, cost_to_build, variants, holdout } = NewIdea.properties
/** The body of `POST /api/sites/:site/ideas/plan`: as much of an idea as is needed to plan it, before it has a name. */
export const IdeaDraft = Type.Object(
  {
    ladder,
    audience,
    bar,
    budget: Type.Optional(budget),
    cost_per_visitor,
    cost_to_build,
    variants,
    holdout,
    precision: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 0.5,
        description: 'how far the interval may reach to either side of the rate; a quarter of the bar when left out',
      }),
    ),
  },
  { additionalProperties: false },
)
export type IdeaDraft = Static<typeof IdeaDraft>

/** So many visitors, and what that means at today's traffic: null where nobody comes, or no cost is known. */
export type PlannedVisitors = {
  /** Of one variant, and of all together with the holdout. */
  per_variant: number
  visitors: number
  days: number | null
  cost: number | null
  /** Whether the budget allows it; null where there is none. */
  is_within_budget: boolean | null
}

/** The answer of `POST /api/sites/:site/ideas/plan`. */
export type IdeaPlanAnswer = {
  /** Who would have been counted had the idea been there: visitors who stood on the first rung, as the audience has it. */
  traffic: {
    /** Local days that were looked at, complete ones alone; 0 where the site is younger than a day. */
    days: number
    visitors: number
    visitors_per_day: number
    /** Which visitors these were: those of the first rung; of the whole site, where the first rung has not happened yet. */
    basis: 'rung' | 'site'
  }
  /** Until the bar's interval is as narrow as `precision`, where the rate is at the bar. */
  precision: PlannedVisitors & { half_width: number }
  /** Until it is decided, in four of five such tests, if the true rate were so; from well below the bar to well above. */
  decisions: (PlannedVisitors & { rate: number; side: 'above' | 'below' })[]
  /** How far from the bar a rate has to be to be told from it after so many days; null where that is not possible. */
  detectable: { days: number; visitors: number; above: number | null; below: number | null }[]
  /** With variants: how far from the first another has to be to be told from it, both about as high as the bar. */
  detectable_between: { days: number; visitors: number; difference: number | null }[]
}

/** Who left an address on an idea's door page: `GET …/ideas/:id/interested`; `DELETE …/interested/:interested` erases one, `DELETE …/interested` all. */
export type Interested = { id: string; address: string; at: string }
export type InterestedAnswer = { interested: Interested[] }
