import Type, { type Static } from 'typebox'
import { GoalRule } from './goal.ts'
import { Filter } from './query.ts'
import { name, nullable, text } from './text.ts'

/** What a signal costs the visitor, rising: to see, to look closer, to click, to say who one is, to pay. Never added up into one. */
export const grades = ['seen', 'attention', 'click', 'intent', 'payment'] as const
export type Grade = (typeof grades)[number]

/** What has to happen for a visitor to stand on a rung. */
export const Rung = Type.Object(
  { grade: Type.Enum([...grades]), rule: GoalRule, label: Type.Optional(text(120, 'what people call it')) },
  { additionalProperties: false },
)
export type Rung = Static<typeof Rung>

export const ideaTemplates = ['fake_door', 'landing_page', 'price_test', 'two_pitches', 'waiting_list'] as const
export type IdeaTemplate = (typeof ideaTemplates)[number]

/** One form of an idea. What it changes on a page is text and visibility, by CSS selector; a URL sends its visitors to a page of its own. */
export const Variant = Type.Object(
  {
    key: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,39}$', description: 'what a page asks for it by' }),
    name: name(120),
    weight: Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'its share is its part of all weights' }),
    url: Type.Optional(
      text(2048, 'where its visitors are sent: a path on the same site, with a query where it has one'),
    ),
    changes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            selector: name(500),
            text: Type.Optional(text(2000)),
            hidden: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        { maxItems: 20 },
      ),
    ),
  },
  { additionalProperties: false },
)
export type Variant = Static<typeof Variant>

const share = Type.Number({ minimum: 0, maximum: 1 })
const money = Type.Number({ minimum: 0, maximum: 1e12 })
export const intendedDimensions = ['visit:source', 'visit:device', 'visit:country', 'visit:returning'] as const

/** The body of `POST /api/sites/:site/ideas` and `PUT /api/sites/:site/ideas/:id`. */
export const NewIdea = Type.Object(
  {
    name: name(120, 'unique within the site'),
    key: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,59}$',
      description: "unique within the site; what pages call it: clickwatch.variant('key'), and the address of its door",
    }),
    hypothesis: text(2000),
    template: Type.Enum([...ideaTemplates]),
    ladder: Type.Array(Rung, {
      minItems: 2,
      maxItems: 5,
      description: "grades rise from rung to rung; the first is 'seen': who stands on it is a visitor of the idea",
    }),
    audience: Type.Optional(
      Type.Array(Filter, { maxItems: 20, description: 'filters by visit: dimensions: the visitors it is meant for' }),
    ),
    intended_mix: Type.Optional(
      Type.Array(
        Type.Object(
          { dimension: Type.Enum([...intendedDimensions]), shares: Type.Record(text(200), share) },
          { additionalProperties: false },
        ),
        { maxItems: 4, description: 'what the audience would be made of were the idea built; shares add up to 1' },
      ),
    ),
    bar: Type.Object(
      {
        grade: Type.Enum([...grades]),
        rate: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'of the visitors who saw it' }),
      },
      { additionalProperties: false, description: 'worth building if at least so many reach that grade' },
    ),
    budget: Type.Object(
      {
        visitors: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e9 })),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
      },
      { additionalProperties: false, description: 'at least one of the two' },
    ),
    cost_per_visitor: Type.Optional(money),
    cost_to_build: Type.Optional(money),
    value_of_converter: Type.Optional(money),
    variants: Type.Optional(
      Type.Array(Variant, { minItems: 2, maxItems: 10, description: 'the first is the control' }),
    ),
    holdout: Type.Optional(
      Type.Number({ minimum: 0, maximum: 0.9, description: 'the share of visitors who see none' }),
    ),
    exclusive_group: Type.Optional(name(60, 'a visitor takes part in one idea of a group alone')),
    door: Type.Optional(
      Type.Object(
        {
          title: name(200),
          text: text(2000),
          asks_address: Type.Boolean(),
          /** What else the page says, where that is not to be English. */
          lang: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' })),
          labels: Type.Optional(
            Type.Object(
              {
                address: Type.Optional(name(200)),
                send: Type.Optional(name(80)),
                promise: Type.Optional(name(500, 'what happens to the address')),
                thanks: Type.Optional(name(500)),
                wrong: Type.Optional(name(200, 'said of what is no address')),
              },
              { additionalProperties: false },
            ),
          ),
        },
        {
          additionalProperties: false,
          description: "the honest 'not built yet' page behind a fake door: /idea/:site/:key",
        },
      ),
    ),
  },
  { additionalProperties: false },
)
export type NewIdea = Static<typeof NewIdea>

/** The fields that are locked once the first visitor has come: changing one is dated and starts a new count. */
export const lockedFields = [
  'key',
  'ladder',
  'audience',
  'intended_mix',
  'bar',
  'variants',
  'holdout',
  'exclusive_group',
] as const satisfies (keyof NewIdea)[]
export type LockedField = (typeof lockedFields)[number]

const moment = Type.String({ format: 'date-time' })
/** A change of what was locked: since `at` the count is a new one. */
export const IdeaRevision = Type.Object({
  at: moment,
  changed: Type.Array(Type.Enum([...lockedFields])),
  why: Type.String(),
  before: NewIdea,
})
export type IdeaRevision = Static<typeof IdeaRevision>

export const decisionKinds = ['build', 'stop', 'keep_testing'] as const
/** The body of `POST /api/sites/:site/ideas/:id/decisions`. */
export const NewDecision = Type.Object(
  { decision: Type.Enum([...decisionKinds]), why: name(2000) },
  { additionalProperties: false },
)
export type NewDecision = Static<typeof NewDecision>
/** What was decided, and against which data: the report as it was is at `.../ideas/:id/decisions/:decision`. */
export const Decision = Type.Object({
  ...NewDecision.properties,
  id: Type.String(),
  at: moment,
  tables_version: Type.String(),
})
export type Decision = Static<typeof Decision>

export const IdeaStatus = Type.Enum(['waiting', 'running', 'decided'])
export type IdeaStatus = Static<typeof IdeaStatus>
export const Idea = Type.Object({
  ...NewIdea.properties,
  id: Type.String(),
  created_at: moment,
  locked_at: nullable(
    moment,
    'when its first visitor came, and so when its locked fields were locked; null is not yet',
  ),
  counted_from: Type.String({
    format: 'date-time',
    description: 'since when visitors are counted: created, or the last revision',
  }),
  status: IdeaStatus,
  revisions: Type.Array(IdeaRevision),
  decisions: Type.Array(Decision),
})
export type Idea = Static<typeof Idea>

/** The body of `PUT /api/sites/:site/ideas/:id`: with `why`, where it changes what is locked. */
export const IdeaChange = Type.Object(
  { ...NewIdea.properties, why: Type.Optional(name(2000)) },
  { additionalProperties: false },
)
export type IdeaChange = Static<typeof IdeaChange>
