import { type SiteSettings, type SiteSettingsChange, SiteSettings as schema } from '@clickwatch/contract'
import { ClickWatchError, invalidField, StartError } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'
import type { Metadata } from './database.ts'
import { rulesIn } from './sites.ts'

/** What people have set of sites, as it is kept. */
export type SitesSet = {
  /** All of them, those that were only added too. */
  all(): Promise<Record<string, SiteSettings>>
  of(site: string): Promise<SiteSettings>
  /** @throws {ClickWatchError} 409 site_exists */
  add(site: string): Promise<void>
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
    async add(site) {
      const { numInsertedOrUpdatedRows } = await put(site, {})
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
