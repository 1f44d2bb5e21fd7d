import Type from 'typebox'

/** A string of at most `maxLength` UTF-16 units; the limit is part of every schema so that no field is unbounded. */
export const text = (maxLength: number, description?: string) =>
  Type.String({ maxLength, ...(description ? { description } : {}) })

/** A string of 1 to `maxLength` UTF-16 units. */
export const name = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description ? { description } : {}) })

export const siteIdPattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'

/** What `?site=` and `site` take: 1 to 100 letters, digits, '.', '_' or '-', a letter or digit first. */
export const SiteId = Type.String({
  pattern: siteIdPattern,
  description: "letters, digits, '.', '_' and '-', at most 100 of them",
})

/** The site that is meant when a request names none. */
export const defaultSite = 'default'
