import { SiteSettings, type SiteSettingsChange, SiteView } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'
import { auditOf } from '../metadata/audit.ts'
import { sitesSetOf } from '../metadata/site-settings.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { isTimeZone } from '../time-zone.ts'
import { UsageError } from './command.ts'
import { print, commandLine as who, withMetadata } from './settings-database.ts'
import { siteIdIn } from './site.ts'

const schemaOf = new Map<string, object>([
  ...Object.entries(SiteView.properties),
  ...Object.entries(SiteSettings.properties),
])
/** What can be set of a site. */
const settable: readonly string[] = [...schemaOf.keys()]

const checkSetting = (setting: string, among: readonly string[]): void => {
  if (!among.includes(setting)) throw new UsageError(`SETTING is '${setting}'; one of ${among.join(', ')} is expected.`)
}

const list = (text: string): string[] => text.split(',').flatMap((each) => each.trim() || [])
/** What is no number is told so by whoever checks the whole. */
const numberIn = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)

/** What was written, as the schema of the setting has it: lists with commas between, `silver=400,bronze=90`, true or false. */
const asMeant = (setting: string, text: string): unknown => {
  const schema: { type?: unknown } = schemaOf.get(setting) ?? {}
  const { type } = schema
  if (type === 'array') return list(text)
  if (type === 'integer') return numberIn(text)
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type !== 'object') return text
  return Object.fromEntries(
    list(text).map((part) => {
      const [key = '', value = ''] = part.split('=')
      return [key, numberIn(value)]
    }),
  )
}

const change = (site: string, changed: SiteSettingsChange): Promise<number> =>
  withMetadata(async (metadata) => {
    try {
      await sitesSetOf(metadata).change(site, changed)
    } catch (error) {
      // A body of a request is written as words here.
      throw error instanceof ClickWatchError ? new UsageError(`${error.message.replace(/\.$/, '')}.`) : error
    }
    await auditOf(metadata).note({ who, what: 'changed what is taken in of a site', site, on: null })
    print(`It holds within a few seconds: ${Object.keys(changed)} of ${site}.`)
  })

/** `clickwatch site set SITE SETTING VALUE` */
export const setOfSite = (id: string, setting: string, text: string): Promise<number> => {
  const site = siteIdIn(id)
  checkSetting(setting, settable)
  const changed = { [setting]: asMeant(setting, text) }
  if (!Object.hasOwn(SiteView.properties, setting)) return change(site, changed as SiteSettingsChange)
  const checked = checkerOf<SiteView>(SiteView)(changed)
  if (!checked.ok) throw new UsageError(`${checked.field} ${checked.reason}.`)
  if (setting === 'timezone' && !isTimeZone(text)) {
    throw new UsageError(`timezone is '${text}'; a name such as Europe/Berlin is expected.`)
  }
  return withMetadata(async (metadata, config) => {
    await siteViewsOf(metadata, config.timeZone).change(site, checked.value)
    await auditOf(metadata).note({ who, what: 'changed how the site is shown', site, on: null })
    print(`${setting} of ${site} is set.`)
  })
}

/** `clickwatch site unset SITE SETTING`: as the server's file has it from then on. */
export const unsetOfSite = (id: string, setting: string): Promise<number> => {
  const site = siteIdIn(id)
  checkSetting(setting, Object.keys(SiteSettings.properties))
  return change(site, { [setting]: null })
}
