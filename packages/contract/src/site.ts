import Type, { type Static, type TSchema } from 'typebox'
import { timezone } from './query.ts'
import { name, nullable, SiteId, text } from './text.ts'

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

/** Such as `customer_number`, or `-key`. */
export const scrubWordPattern = '^-?[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$'
const days = (description?: string) =>
  Type.Integer({ minimum: 1, maximum: 36_500, ...(description ? { description } : {}) })
const several = <Item extends TSchema>(item: Item, description: string) =>
  Type.Array(item, { maxItems: 200, description })

/** What is taken in of a site, and for how long it is kept; docs/configuration.md#sites explains each. */
export const SiteSettings = Type.Object(
  {
    identity: Type.Optional(
      Type.Enum(['default', 'cookieless'], { description: 'cookieless: ids that browsers send are not used' }),
    ),
    origins: Type.Optional(several(name(300), 'whose pages may send; everybody when left out')),
    exclude_addresses: Type.Optional(several(name(100), 'addresses or ranges of people whose visits do not count')),
    exclude_pages: Type.Optional(
      several(
        Type.String({ pattern: '^/[^*]*(\\*{1,2}[^*]*){0,3}$', maxLength: 500 }),
        "paths whose events do not count, such as /admin or /intern/**; '*' is anything but '/', '**' is anything",
      ),
    ),
    events_per_minute: Type.Optional(Type.Integer({ minimum: 1, description: 'of all visitors together' })),
    honours_signals: Type.Optional(
      Type.Boolean({ description: 'whether browsers that send Global Privacy Control or Do Not Track are left alone' }),
    ),
    scrub_parameters: Type.Optional(
      several(
        Type.String({ pattern: scrubWordPattern }),
        "what else is secret in addresses; '-' before it: what is none here",
      ),
    ),
    keep_days: Type.Optional(
      Type.Object(
        {
          bronze: Type.Optional(days()),
          silver: Type.Optional(days()),
          gold: Type.Optional(days()),
          lake: Type.Optional(days('each layer as in the store when left out')),
        },
        { additionalProperties: false, description: 'how long each layer is kept; for good when left out' },
      ),
    ),
  },
  { additionalProperties: false },
)
export type SiteSettings = Static<typeof SiteSettings>
/** The body of `PATCH /api/sites/:site/settings`: what it names is changed, and by null as the server's file has it. */
export const SiteSettingsChange = Type.Object(
  Object.fromEntries(
    Object.entries(SiteSettings.properties).map(([key, schema]) => [key, Type.Optional(nullable(schema as TSchema))]),
  ),
  { additionalProperties: false },
)
export type SiteSettingsChange = { [Key in keyof SiteSettings]?: SiteSettings[Key] | null }
/** What the server's file alone says of a site: with another value of any of it, history would have to be made anew. */
export const SiteFileSettings = Type.Object({
  aliases: Type.Optional(
    Type.Array(SiteId, { description: "other ids that mean this site, such as another product's website id" }),
  ),
  session_minutes: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1440, description: 'a visit ends after so long in which nothing happened' }),
  ),
  campaign_begins_visit: Type.Optional(
    Type.Boolean({ description: 'whether coming by another campaign begins a new visit' }),
  ),
})
export type SiteFileSettings = Static<typeof SiteFileSettings>
export const SiteSettingsAnswer = Type.Object({
  site: SiteId,
  set: SiteSettings,
  otherwise: Type.Object(SiteSettings.properties, {
    description: "what holds where nothing is set: the server's file",
  }),
  only_in_file: SiteFileSettings,
})
export type SiteSettingsAnswer = Static<typeof SiteSettingsAnswer>

/** The body of `POST /api/sites`. */
export const NewSite = Type.Object(
  {
    site: SiteId,
    name: Type.Optional(name(100)),
    timezone: Type.Optional(timezone),
    domain: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*$',
        maxLength: 253,
        description: 'such as shop.example: its pages alone may send then, over https, with www. and without',
      }),
    ),
  },
  { additionalProperties: false },
)
export type NewSite = Static<typeof NewSite>

/** The body of `POST /api/sites/:site/reset` and `DELETE /api/sites/:site`: what goes, in words of whoever has it go. */
export const Confirmed = Type.Object(
  { name: Type.String({ description: 'the id of the site, or what people call it, typed' }) },
  { additionalProperties: false },
)
export type Confirmed = Static<typeof Confirmed>
/** What either answers. */
export const Gone = Type.Object({ sentence: Type.String({ description: 'what went, and what still holds it' }) })
export type Gone = Static<typeof Gone>
