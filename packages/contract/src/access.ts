import Type, { type Static } from 'typebox'
import { name, nullable, SiteId } from './text.ts'

/** What a key may do: ask; set up what people set up; and what the operator does. */
export const keyScopes = ['read', 'write', 'admin'] as const
export type KeyScope = (typeof keyScopes)[number]

/** Of a key that is for every site. */
export const everySite = '*'

const moment = Type.String({ format: 'date-time' })

/** The body of `POST /api/keys`. */
export const NewKey = Type.Object(
  {
    name: name(120, 'what it is for, as the list and the audit log show it'),
    site: Type.Union([SiteId, Type.Literal(everySite)], { description: "a site's id, or '*' for all of them" }),
    scopes: Type.Array(Type.Enum([...keyScopes]), {
      minItems: 1,
      maxItems: keyScopes.length,
      uniqueItems: true,
      description:
        'read: ask; write: set up goals, ideas, links and the like; admin: keys, and what is refused or known of a visitor',
    }),
    expires_at: Type.Optional(
      Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'the last day, in UTC; for good when left out' }),
    ),
  },
  { additionalProperties: false },
)
export type NewKey = Static<typeof NewKey>
export const Key = Type.Object({
  ...NewKey.properties,
  id: Type.String(),
  prefix: Type.String({ description: 'how it begins, to know it by' }),
  created_at: moment,
  expires_at: nullable(Type.String()),
  last_used_at: nullable(moment, 'to the minute'),
})
export type Key = Static<typeof Key>
/** What `POST /api/keys` answers. */
export const MadeKey = Type.Object({
  ...Key.properties,
  key: Type.String({ description: 'the key itself: it is told once, and kept as a hash' }),
})
export type MadeKey = Static<typeof MadeKey>
/** `GET /api/keys` */
export const KeysAnswer = Type.Object({ keys: Type.Array(Key) })
export type KeysAnswer = Static<typeof KeysAnswer>

/** A change that somebody made. */
export const AuditEntry = Type.Object({
  id: Type.String(),
  at: moment,
  who: Type.String({ description: "a person's name and address, the key's name, 'the full key', or 'this machine'" }),
  what: Type.String({ description: 'such as "added a goal"' }),
  site: nullable(Type.String()),
  on: nullable(Type.String(), 'the id or the name of what was changed'),
})
export type AuditEntry = Static<typeof AuditEntry>
/** `GET /api/audit?site=&before=`: the newest first, a hundred at a time. */
export const AuditAnswer = Type.Object({
  entries: Type.Array(AuditEntry),
  before: nullable(Type.String(), 'what `before` takes for those that came earlier; null where there are none'),
})
export type AuditAnswer = Static<typeof AuditAnswer>
