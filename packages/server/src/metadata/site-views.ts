import type { SiteView, SiteViewAnswer } from '@clickwatch/contract'
import type { Metadata } from './database.ts'

/** How analysts want each site shown. */
export type SiteViews = {
  /** What nobody decided is as the server has it. */
  viewOf(site: string): Promise<SiteViewAnswer>
  /** What somebody decided, and that alone. */
  decidedOf(site: string): Promise<SiteView>
  /** Changes what `change` names and leaves the rest. */
  change(site: string, change: SiteView): Promise<SiteViewAnswer>
}

const monday = 1

/** Whether a text is what a site is called, by its id or by people: who would have everything of it go types that. */
export const isNameOf = async (siteViews: SiteViews, site: string, name: string): Promise<boolean> =>
  name !== '' && (name === site || name === (await siteViews.viewOf(site)).name)

/** @param timeZone IANA name, of sites that have none of their own */
export const siteViewsOf = (database: Metadata, timeZone: string): SiteViews => {
  const decidedOf = async (site: string): Promise<SiteView> => {
    const row = await database.selectFrom('site_views').select('body').where('site', '=', site).executeTakeFirst()
    return row ? (JSON.parse(row.body) as SiteView) : {}
  }
  const complete = (site: string, decided: SiteView): SiteViewAnswer => ({
    site,
    name: site,
    timezone: timeZone,
    week_start: monday,
    currency: 'USD',
    ...decided,
  })
  return {
    decidedOf,
    viewOf: async (site) => complete(site, await decidedOf(site)),
    async change(site, change) {
      const decided = { ...(await decidedOf(site)), ...change }
      const body = JSON.stringify(decided)
      await database
        .insertInto('site_views')
        .values({ site, body })
        .onConflict((conflict) => conflict.column('site').doUpdateSet({ body }))
        .execute()
      return complete(site, decided)
    },
  }
}
