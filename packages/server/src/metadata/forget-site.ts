import type { Metadata } from './database.ts'
import { eraseIdeasOf } from './ideas.ts'

/** What a site has that goes with it. Of its keys none opens anything any more; the audit log keeps what was done. */
const ofSites = ['site_views', 'goals', 'segments', 'annotations', 'funnels', 'links', 'reports', 'alerts'] as const

/** Forgets everything that people have set up of a site, and who may look at it. */
export const forgetSite = async (database: Metadata, site: string): Promise<void> => {
  await eraseIdeasOf(database, site)
  await database.transaction().execute(async (transaction) => {
    for (const table of [...ofSites, 'api_keys', 'invitations', 'roles', 'sites'] as const) {
      await transaction.deleteFrom(table).where('site', '=', site).execute()
    }
    // Who has no role left has no account.
    const withRoles = transaction.selectFrom('roles').select('user_id')
    await transaction.deleteFrom('auth_users').where('id', 'not in', withRoles).execute()
  })
}
