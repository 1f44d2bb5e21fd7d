import Type, { type Static } from 'typebox'
import { timezone } from './query.ts'
import { SiteId, text } from './text.ts'

/** How an analyst wants a site shown: `GET` and `PATCH /api/sites/:site`. What is left out is as the server has it. */
export const SiteView = Type.Object(
  {
    name: Type.Optional(text(100, 'what people call it')),
    timezone: Type.Optional(timezone),
    week_start: Type.Optional(Type.Integer({ minimum: 1, maximum: 7, description: '1 is Monday, 7 is Sunday' })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217; revenue is shown in it' })),
  },
  { additionalProperties: false },
)
export type SiteView = Static<typeof SiteView>
export const SiteViewAnswer = Type.Object({ ...Type.Required(SiteView).properties, site: SiteId })
export type SiteViewAnswer = Static<typeof SiteViewAnswer>
