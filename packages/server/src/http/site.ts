import { defaultSite, siteIdPattern } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'

const pattern = new RegExp(siteIdPattern)

/**
 * The site that `?site=` names, `default` when it is left out.
 * @throws {ClickWatchError} 400 when it is no site id
 */
export const siteOf = (query: unknown): string => {
  const site = (query as Record<string, unknown>).site
  if (site === undefined || site === '') return defaultSite
  if (typeof site === 'string' && pattern.test(site)) return site
  throw invalidField('site', "is expected once, as letters, digits, '.', '_' or '-', at most 100 of them")
}

/**
 * The site that an address names, as in /api/sites/:site.
 * @throws {ClickWatchError} 400 when it is no site id
 */
export const siteOfPath = (parameters: unknown): string => {
  const { site } = parameters as { site: string }
  if (pattern.test(site)) return site
  throw invalidField('site', "is expected to be letters, digits, '.', '_' or '-', at most 100 of them")
}
