import { NewSite } from '@clickwatch/contract'
import { checkerOf } from '../http/validation.ts'
import { auditOf } from '../metadata/audit.ts'
import { sitesSetOf } from '../metadata/site-settings.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { isTimeZone } from '../time-zone.ts'
import { UsageError } from './command.ts'
import { print, commandLine as who, withMetadata } from './settings-database.ts'

/** `clickwatch site list`: those that were added or set up, and what is set of each. */
export const listSitesSet = (isJson: boolean): Promise<number> =>
  withMetadata(async (metadata) => {
    const all = Object.entries(await sitesSetOf(metadata).all())
    for (const [site, set] of all) print(isJson ? JSON.stringify({ site, set }) : `${site}  ${JSON.stringify(set)}`)
    if (all.length === 0 && !isJson) print('No site was added yet: clickwatch site add SITE')
  })

/** `clickwatch site add SITE --name NAME --time-zone ZONE` */
export const addSite = (site: string, values: Readonly<Record<string, string | undefined>>): Promise<number> => {
  const { name, 'time-zone': timezone } = values
  const view = { ...(name === undefined ? {} : { name }), ...(timezone === undefined ? {} : { timezone }) }
  const checked = checkerOf<NewSite>(NewSite)({ site, ...view })
  if (!checked.ok)
    throw new UsageError(`${checked.field === 'site' ? 'SITE' : `--${checked.field}`} ${checked.reason}.`)
  if (timezone !== undefined && !isTimeZone(timezone)) {
    throw new UsageError(`--time-zone is '${timezone}'; a name such as Europe/Berlin is expected.`)
  }
  return withMetadata(async (metadata, config) => {
    await sitesSetOf(metadata).add(site)
    await siteViewsOf(metadata, config.timeZone).change(site, view)
    await auditOf(metadata).note({ who, what: 'added a site', site, on: null })
    print(`${site} is added. Its snippet: <script defer src="…/clickwatch.js" data-site="${site}"></script>`)
  })
}
