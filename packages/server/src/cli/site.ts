import { NewSite, siteIdPattern } from '@clickwatch/contract'
import { checkerOf } from '../http/validation.ts'
import { auditOf } from '../metadata/audit.ts'
import { pagesOfDomain, settingsAnswerOf, sitesSetOf } from '../metadata/site-settings.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { readSettings } from '../metadata/sites.ts'
import { isTimeZone } from '../time-zone.ts'
import { UsageError } from './command.ts'
import { print, commandLine as who, withMetadata } from './settings-database.ts'

const pattern = new RegExp(siteIdPattern)

/** @throws {UsageError} where it is no id of a site */
export const siteIdIn = (text: string): string => {
  if (pattern.test(text)) return text
  throw new UsageError(`SITE is '${text}'; letters, digits, '.', '_' and '-' are expected, at most 100 of them.`)
}

/** `clickwatch site list`: those that were added or set up, and what is set of each. */
export const listSitesSet = (isJson: boolean): Promise<number> =>
  withMetadata(async (metadata) => {
    const all = Object.entries(await sitesSetOf(metadata).all())
    for (const [site, set] of all) print(isJson ? JSON.stringify({ site, set }) : `${site}  ${JSON.stringify(set)}`)
    if (all.length === 0 && !isJson) print('No site was added yet: clickwatch site add SITE')
  })

/** `clickwatch site add SITE --name NAME --time-zone ZONE --domain DOMAIN` */
export const addSite = (site: string, values: Readonly<Record<string, string | undefined>>): Promise<number> => {
  const { name, 'time-zone': timezone, domain } = values
  const view = { ...(name === undefined ? {} : { name }), ...(timezone === undefined ? {} : { timezone }) }
  const checked = checkerOf<NewSite>(NewSite)({ site, ...view, ...(domain === undefined ? {} : { domain }) })
  if (!checked.ok)
    throw new UsageError(`${checked.field === 'site' ? 'SITE' : `--${checked.field}`} ${checked.reason}.`)
  if (timezone !== undefined && !isTimeZone(timezone)) {
    throw new UsageError(`--time-zone is '${timezone}'; a name such as Europe/Berlin is expected.`)
  }
  return withMetadata(async (metadata, config) => {
    await sitesSetOf(metadata).add(site, domain === undefined ? {} : pagesOfDomain(domain))
    await siteViewsOf(metadata, config.timeZone).change(site, view)
    await auditOf(metadata).note({ who, what: 'added a site', site, on: null })
    print(`${site} is added. Its snippet: <script defer src="…/clickwatch.js" data-site="${site}"></script>`)
  })
}

/** As `site set` takes it. */
const textOf = (value: object | string | number | boolean): string => {
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([key, days]) => `${key}=${days}`)
    .join(',')
}

/** `clickwatch site show SITE`: how it is shown, what is taken in of it, and who says so. */
export const showSite = (text: string, isJson: boolean): Promise<number> => {
  const site = siteIdIn(text)
  return withMetadata(async (metadata, config) => {
    const siteViews = siteViewsOf(metadata, config.timeZone)
    const settings = settingsAnswerOf(site, await sitesSetOf(metadata).of(site), readSettings(config.sitesFile))
    const [{ site: _, ...view }, decided] = [await siteViews.viewOf(site), await siteViews.decidedOf(site)]
    if (isJson) {
      print(JSON.stringify({ ...settings, view }))
      return
    }
    const { set, otherwise, only_in_file } = settings
    const line = (key: string, value: Parameters<typeof textOf>[0], by: string) =>
      print(`${key.padEnd(22)}${textOf(value)}  (${by})`)
    for (const [key, value] of Object.entries(view)) line(key, value, key in decided ? 'set' : 'as the server has it')
    for (const [key, value] of Object.entries({ ...otherwise, ...set }))
      line(key, value, key in set ? 'set' : 'from the file')
    for (const [key, value] of Object.entries(only_in_file)) line(key, value, 'from the file')
  })
}
