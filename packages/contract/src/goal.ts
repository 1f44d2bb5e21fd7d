import Type, { type Static } from 'typebox'
import { keptFields, name, text } from './text.ts'

const pattern = text(2048, "a path; * stands for anything but '/', ** for anything")
const filled = name(1000)

/**
 * What counts as having reached something, of everything that ever happened: a view of a page, a custom event, something done to an
 * element, a form sent, a page scrolled so far, an event that earned something, a visit in which so much was read.
 */
export const GoalRule = Type.Union([
  Type.Object({ type: Type.Literal('page'), path: pattern }, { additionalProperties: false }),
  Type.Object({ type: Type.Literal('event'), event_name: filled }, { additionalProperties: false }),
  Type.Object(
    {
      type: Type.Literal('element'),
      element: filled,
      action: Type.Optional(Type.Enum(['click', 'hover', 'cta_seen', 'rage_click'])),
      path: Type.Optional(pattern),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('form'), element: Type.Optional(filled), path: Type.Optional(pattern) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('scroll'), path: pattern, depth: Type.Integer({ minimum: 1, maximum: 100 }) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal('revenue'),
      event_name: Type.Optional(filled),
      at_least: Type.Optional(Type.Number({ minimum: 0 })),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('time'), seconds: Type.Integer({ minimum: 1, maximum: 86400 }), path: Type.Optional(pattern) },
    { additionalProperties: false },
  ),
])
export type GoalRule = Static<typeof GoalRule>

/** The body of `POST /api/sites/:site/goals` and `PUT /api/sites/:site/goals/:id`. */
export const NewGoal = Type.Object(
  { name: name(120, 'unique within the site'), rule: GoalRule },
  { additionalProperties: false },
)
export type NewGoal = Static<typeof NewGoal>
/** `GET /api/sites/:site/goals` answers `{ goals }`. */
export const Goal = Type.Object({ ...NewGoal.properties, ...keptFields })
export type Goal = Static<typeof Goal>
