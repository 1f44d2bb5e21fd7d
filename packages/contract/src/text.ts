import Type, { type TSchema } from 'typebox'

/** A string of at most `maxLength` UTF-16 units; the limit is part of every schema so that no field is unbounded. */
export const text = (maxLength: number, description?: string) =>
  Type.String({ maxLength, ...(description ? { description } : {}) })

/** A string of 1 to `maxLength` UTF-16 units. */
export const name = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description ? { description } : {}) })

/** What an answer has, or null where there is none. */
export const nullable = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description ? { description } : {})

/** What everything has that people keep of a site. */
export const keptFields = { id: Type.String(), created_at: Type.String({ format: 'date-time' }) }

export const siteIdPattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'

/** What `?site=` and `site` take: 1 to 100 letters, digits, '.', '_' or '-', a letter or digit first. */
export const SiteId = Type.String({
  pattern: siteIdPattern,
  description: "letters, digits, '.', '_' and '-', at most 100 of them",
})

/** The site that is meant when a request names none. */
export const defaultSite = 'default'
