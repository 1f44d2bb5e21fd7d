import Type, { type Static } from 'typebox'
import { Filter, StepFilter } from './query.ts'
import { keptFields, name, text } from './text.ts'

/** Filters under a name: `/api/sites/:site/segments`. */
export const NewSegment = Type.Object(
  { name: name(120, 'unique within the site'), filters: Type.Array(Filter, { minItems: 1, maxItems: 50 }) },
  { additionalProperties: false },
)
export type NewSegment = Static<typeof NewSegment>
export const Segment = Type.Object({ ...NewSegment.properties, ...keptFields })
export type Segment = Static<typeof Segment>

/** What happened on a day, shown on every chart: `/api/sites/:site/annotations`. */
export const NewAnnotation = Type.Object(
  {
    /** Local to the site's time zone. */
    at: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:00)?$',
      description: 'YYYY-MM-DD or YYYY-MM-DD hh:mm:00',
    }),
    text: name(500),
  },
  { additionalProperties: false },
)
export type NewAnnotation = Static<typeof NewAnnotation>
export const Annotation = Type.Object({ ...NewAnnotation.properties, ...keptFields })
export type Annotation = Static<typeof Annotation>

/** A step of a funnel: a goal by its id, or what an event has to be. */
export const FunnelStep = Type.Object(
  { name: Type.Optional(text(120)), goal: Type.Optional(name(64)), filter: Type.Optional(StepFilter) },
  { additionalProperties: false, description: 'either goal or filter' },
)
export type FunnelStep = Static<typeof FunnelStep>

export const funnelFields = {
  steps: Type.Array(FunnelStep, { minItems: 2, maxItems: 10 }),
  order: Type.Optional(
    Type.Enum(['open', 'strict'], {
      description: 'open: anything may happen between two steps; strict: nothing else may',
    }),
  ),
  window_s: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 90 * 86_400,
      description: 'from the first step to the last; 30 days when left out',
    }),
  ),
}
/** A funnel under a name: `/api/sites/:site/funnels`. */
export const NewFunnel = Type.Object(
  { name: name(120, 'unique within the site'), ...funnelFields },
  { additionalProperties: false },
)
export type NewFunnel = Static<typeof NewFunnel>
export const Funnel = Type.Object({ ...NewFunnel.properties, ...keptFields })
export type Funnel = Static<typeof Funnel>
