import {
  SiteFileSettings as fileSchema,
  type SiteFileSettings,
  type SiteSettings,
  type SiteSettingsAnswer,
  type SiteSettingsChange,
  SiteSettings as schema,
} from '@clickwatch/contract'
import { ClickWatchError, invalidField, StartError } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'
import type { Metadata } from './database.ts'
import { type AllSettings, rulesIn } from './sites.ts'

/** What people have set of sites, as it is kept. */
export type SitesSet = {
  /** All of them, those that were only added too. */
  all(): Promise<Record<string, SiteSettings>>
  of(site: string): Promise<SiteSettings>
  /** @param set what holds of it from the beginning. @throws {ClickWatchError} 409 site_exists */
  add(site: string, set?: SiteSettings): Promise<void>
  /** Changes what is named, and takes back what is null. @throws {ClickWatchError} 400 invalid_field */
  change(site: string, change: SiteSettingsChange): Promise<SiteSettings>
  remove(site: string): Promise<void>
}

const check = checkerOf<SiteSettings>(schema)

/** @throws {ClickWatchError} 400 invalid_field, where the whole makes no sense */
const checked = (site: string, settings: SiteSettings): SiteSettings => {
  const result = check(settings)
  if (!result.ok) throw invalidField(result.field, result.reason)
  try {
    rulesIn({ [site]: settings })
  } catch (error) {
    // What a schema cannot tell: an address, or a range of them, that is none.
    if (error instanceof StartError) throw invalidField('exclude_addresses', error.message.replace(/^.*? has /, 'has '))
    throw error
  }
  return result.value
}

/** Whose pages may send where a domain was named: with www. or without, it is the same people's. */
export const pagesOfDomain = (domain: string): SiteSettings => {
  const bare = domain.toLowerCase().replace(/^www\./, '')
  return { origins: [`https://${bare}`, `https://www.${bare}`] }
}

const among = (settings: object, { properties }: { properties: object }): object =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => Object.hasOwn(properties, key)))

/**
 * What holds of a site, and who says so.
 * @param set what people have set
 * @param written what the server's file says
 */
export const settingsAnswerOf = (site: string, set: SiteSettings, written: AllSettings): SiteSettingsAnswer => {
  // Other ids of one site are no ids of all.
  const { aliases: _, ...general } = written['*'] ?? {}
  const inFile = { ...general, ...written[site] }
  return {
    site,
    set,
    otherwise: among(inFile, schema) as SiteSettings,
    only_in_file: among(inFile, fileSchema) as SiteFileSettings,
  }
}

export const sitesSetOf = (database: Metadata): SitesSet => {
  const of = async (site: string): Promise<SiteSettings> => {
    const row = await database.selectFrom('sites').select('body').where('site', '=', site).executeTakeFirst()
    return row ? (JSON.parse(row.body) as SiteSettings) : {}
  }
  const put = (site: string, body: SiteSettings) =>
    database.insertInto('sites').values({ site, body: JSON.stringify(body), created_at: new Date().toISOString() })
  return {
    of,
    async all() {
      const rows = await database.selectFrom('sites').select(['site', 'body']).orderBy('site').execute()
      return Object.fromEntries(rows.map(({ site, body }) => [site, JSON.parse(body) as SiteSettings]))
    },
    async add(site, set = {}) {
      const { numInsertedOrUpdatedRows } = await put(site, checked(site, set))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 0n) return
      throw new ClickWatchError('site_exists', 409, `There is a site '${site}' already.`, { field: 'site' })
    },
    async change(site, change) {
      const laid = Object.entries({ ...(await of(site)), ...change }).filter(([, value]) => value !== null)
      const settings = checked(site, Object.fromEntries(laid) as SiteSettings)
      await put(site, settings)
        .onConflict((conflict) => conflict.column('site').doUpdateSet({ body: JSON.stringify(settings) }))
        .execute()
      return settings
    },
    async remove(site) {
      await database.deleteFrom('sites').where('site', '=', site).execute()
    },
  }
}
