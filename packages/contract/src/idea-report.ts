import Type, { type Static } from 'typebox'
import { Decision, Idea, NewIdea } from './idea.ts'
import { IdeaEvidence, Interval, Recommendation } from './idea-evidence.ts'
import { nullable } from './text.ts'

/** `GET /api/sites/:site/ideas`: the latest last. One alone, `GET …/:id`, is an `Idea`. */
export const IdeasAnswer = Type.Object({
  ideas: Type.Array(Idea),
})
export type IdeasAnswer = Static<typeof IdeasAnswer>

/** What it cost so far, where a cost per visitor is known; per visitor who reached the bar's grade, null while there is none. */
export const IdeaCost = Type.Object({
  spent: Type.Number(),
  per_interested: nullable(Type.Number()),
})
export type IdeaCost = Static<typeof IdeaCost>

/** `GET /api/sites/:site/ideas/:id/report`, as of now. */
export const IdeaReport = Type.Object({
  idea: Idea,
  /** With the recommendation, and the data's health. */
  evidence: IdeaEvidence,
  cost: nullable(IdeaCost, 'since its count began; null where no cost per visitor is known'),
  as_of: Type.String({ description: 'when it was read, ISO 8601' }),
  tables_version: Type.String({
    description: 'what the tables held then: how far each partition of the stream was counted',
  }),
  timezone: Type.String({ description: 'days of the evidence are of this time zone' }),
  currency: Type.String({ description: "what revenue and costs are in; '' where the site has not said" }),
})
export type IdeaReport = Static<typeof IdeaReport>

/** `GET /api/sites/:site/ideas/:id/decisions/:decision`: what was decided, and the report as it was at that moment. */
export const DecidedReport = Type.Object({
  decision: Decision,
  report: IdeaReport,
})
export type DecidedReport = Static<typeof DecidedReport>

/** One line of `GET /api/sites/:site/ideas/portfolio`. */
export const PortfolioIdea = Type.Object({
  ...Type.Pick(Idea, [
    'id',
    'key',
    'name',
    'template',
    'status',
    'bar',
    'budget',
    'created_at',
    'locked_at',
    'counted_from',
  ]).properties,
  variant: Type.String({ description: 'the variant the recommendation speaks of; all numbers are of it' }),
  exposed: Type.Integer({ minimum: 0 }),
  reached: Type.Integer({ minimum: 0, description: "how many reached the bar's grade" }),
  rate: nullable(Type.Number()),
  credible: Interval,
  always_valid: Interval,
  probability_met: Type.Number(),
  settled: nullable(Type.Enum(['above', 'below'])),
  recommendation: Recommendation,
  visitors: Type.Number({ description: 'of all variants together' }),
  visitors_per_day: Type.Number(),
  cost: nullable(IdeaCost, 'of all variants together; null where no cost per visitor is known'),
  revisions: Type.Number({ description: 'how often the count was begun anew' }),
  decision: nullable(Decision, 'the last one'),
})
export type PortfolioIdea = Static<typeof PortfolioIdea>
/** `GET /api/sites/:site/ideas/portfolio`: the latest first. */
export const PortfolioAnswer = Type.Object({
  ideas: Type.Array(PortfolioIdea),
  as_of: Type.String(),
  timezone: Type.String(),
  currency: Type.String(),
})
export type PortfolioAnswer = Static<typeof PortfolioAnswer>

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
export const PlannedVisitors = Type.Object({
  per_variant: Type.Number({ description: 'of one variant, and of all together with the holdout' }),
  visitors: Type.Number(),
  days: nullable(Type.Number()),
  cost: nullable(Type.Number()),
  is_within_budget: nullable(Type.Boolean(), 'whether the budget allows it; null where there is none'),
})
export type PlannedVisitors = Static<typeof PlannedVisitors>

/** The answer of `POST /api/sites/:site/ideas/plan`. */
export const IdeaPlanAnswer = Type.Object({
  /** Who would have been counted had the idea been there: visitors who stood on the first rung, as the audience has it. */
  traffic: Type.Object({
    days: Type.Number({
      description: 'local days that were looked at, complete ones alone; 0 where the site is younger than a day',
    }),
    visitors: Type.Number(),
    visitors_per_day: Type.Number(),
    basis: Type.Enum(['rung', 'site'], {
      description:
        'which visitors these were: those of the first rung; of the whole site, where the first rung has not happened yet',
    }),
  }),
  /** Until the bar's interval is as narrow as `precision`, where the rate is at the bar. */
  precision: Type.Object({ ...PlannedVisitors.properties, half_width: Type.Number() }),
  decisions: Type.Array(
    Type.Object({ ...PlannedVisitors.properties, rate: Type.Number(), side: Type.Enum(['above', 'below']) }),
    {
      description:
        'until it is decided, in four of five such tests, if the true rate were so; from well below the bar to well above',
    },
  ),
  detectable: Type.Array(
    Type.Object({
      days: Type.Number(),
      visitors: Type.Number(),
      above: nullable(Type.Number()),
      below: nullable(Type.Number()),
    }),
    {
      description:
        'how far from the bar a rate has to be to be told from it after so many days; null where that is not possible',
    },
  ),
  detectable_between: Type.Array(
    Type.Object({
      days: Type.Number(),
      visitors: Type.Number(),
      difference: nullable(Type.Number()),
    }),
    {
      description:
        'with variants: how far from the first another has to be to be told from it, both about as high as the bar',
    },
  ),
})
export type IdeaPlanAnswer = Static<typeof IdeaPlanAnswer>

/** Who left an address on an idea's door page: `GET …/ideas/:id/interested`; `DELETE …/interested/:interested` erases one, `DELETE …/interested` all. */
export const Interested = Type.Object({
  id: Type.String(),
  address: Type.String(),
  at: Type.String(),
})
export type Interested = Static<typeof Interested>
export const InterestedAnswer = Type.Object({
  interested: Type.Array(Interested),
})
export type InterestedAnswer = Static<typeof InterestedAnswer>
