import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { SiteFileSettings, SiteSettings, siteIdPattern } from '@clickwatch/contract'
import Type, { type Static } from 'typebox'
import { messageOf, StartError, systemCodeOf } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'

/** What an operator decides for a site in a file; docs/configuration.md explains each. */
const Settings = Type.Object(
  { ...SiteSettings.properties, ...SiteFileSettings.properties },
  { additionalProperties: false },
)
type Settings = Static<typeof Settings>

/** What makes a visit of a visitor's events. */
export type VisitRules = {
  inactivityMs: number
  /** Whether coming by another campaign begins a new visit. */
  campaignBegins: boolean
  /** Whether the visits that trackers name hold; they follow rules of their own, which a site's own replace. */
  trustsTracker: boolean
}

const defaultSessionMinutes = 30

const visitRulesOf = ({ session_minutes, campaign_begins_visit }: Settings): VisitRules => ({
  inactivityMs: (session_minutes ?? defaultSessionMinutes) * 60_000,
  campaignBegins: campaign_begins_visit ?? false,
  trustsTracker: session_minutes === undefined && campaign_begins_visit === undefined,
})

/** A site's settings as they are used. */
export type SiteRules = {
  /** The site's own id, where it was asked for by another. */
  id: string
  isCookieless: boolean
  /** Whether a page of this origin may send; '' is a request that names none. */
  allowsOrigin(origin: string): boolean
  /** Whether traffic of an address stays out of the numbers. */
  excludesAddress(address: string): boolean
  /** Whether what happens on a page stays out of the numbers; undefined where every page counts. */
  excludesPage: ((url: string) => boolean) | undefined
  /** undefined is without limit. */
  eventsPerMinute: number | undefined
  /** Whether browsers that ask for privacy are left alone. */
  honoursSignals: boolean
  /** What is secret in an address beside what always is, or is none with '-' before it. */
  scrubParameters: readonly string[]
  visits: VisitRules
}
export type RulesOf = (site: string) => SiteRules

const check = checkerOf<Record<string, Settings>>(
  Type.Record(Type.String({ pattern: `${siteIdPattern}|^\\*$` }), Settings, { additionalProperties: false }),
)

/** Addresses and ranges. @throws {StartError} naming the place, the field, and the one that is none */
export const rangesOf = (path: string, field: string, texts: readonly string[]): BlockList => {
  const ranges = new BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    const length = bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits)
    try {
      ranges.addSubnet(address, length, family)
    } catch (cause) {
      throw new StartError(
        `${path}: ${field} has '${text}'; an address or a range such as 203.0.113.0/24 is expected.`,
        {
          cause,
        },
      )
    }
  }
  return ranges
}

/** Patterns of paths as one question: '**' is anything, '*' anything but '/', and what is no pattern is itself. */
const pagesOf = (patterns: readonly string[] = []): ((url: string) => boolean) | undefined => {
  if (patterns.length === 0) return undefined
  const parts = patterns.map((pattern) =>
    pattern
      .split(/(\*+)/)
      .map((part) =>
        part === '*' ? '[^/]*' : part.startsWith('*') ? '.*' : part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'),
      )
      .join(''),
  )
  const isExcluded = new RegExp(`^(?:${parts.join('|')})/?$`)
  return (url) => isExcluded.test(URL.parse(url, 'http://page')?.pathname ?? url)
}

const rulesOf = (path: string, site: string, settings: Settings): SiteRules => {
  const origins = settings.origins?.map((origin) => origin.replace(/\/$/, '').toLowerCase())
  const excluded = rangesOf(path, `${site}/exclude_addresses`, settings.exclude_addresses ?? [])
  return {
    id: site,
    isCookieless: settings.identity === 'cookieless',
    allowsOrigin: (origin) => origin === '' || origins === undefined || origins.includes(origin.toLowerCase()),
    excludesAddress: (address) => {
      const plain = address.replace(/^::ffff:/, '')
      const family = isIP(plain)
      return family !== 0 && excluded.check(plain, family === 6 ? 'ipv6' : 'ipv4')
    },
    excludesPage: pagesOf(settings.exclude_pages),
    eventsPerMinute: settings.events_per_minute,
    honoursSignals: settings.honours_signals ?? false,
    scrubParameters: settings.scrub_parameters ?? [],
    visits: visitRulesOf(settings),
  }
}

const parse = (path: string): Record<string, Settings> => {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const reason = systemCodeOf(cause) === 'ENOENT' ? 'there is no such file' : messageOf(cause)
    throw new StartError(`The site settings ${path} cannot be read: ${reason}.`, { cause })
  }
  const checked = check(value)
  if (!checked.ok) throw new StartError(`The site settings ${path}: ${checked.field} ${checked.reason}.`)
  return checked.value
}

export type AllSettings = Readonly<Record<string, Settings>>

/** What the operator's file says, by site; '*' is of all that say nothing else. @throws {StartError} */
export const readSettings = (path: string | undefined): AllSettings => (path === undefined ? {} : parse(path))

/** What people have set laid over what the operator's file says. */
export const laidOver = (file: AllSettings, set: Readonly<Record<string, SiteSettings>>): AllSettings => ({
  ...file,
  ...Object.fromEntries(Object.entries(set).map(([site, own]) => [site, { ...file[site], ...own }])),
})

/**
 * The rules of every site; those under '*' hold where a site says nothing else.
 * @param where the settings are, for whoever is told that one of them makes no sense
 * @throws {StartError} naming it and what was expected
 */
export const rulesIn = (all: AllSettings, where = ''): RulesOf => {
  const general = all['*'] ?? {}
  const others = rulesOf(where, '*', general)
  const named = new Map<string, SiteRules>()
  for (const [site, settings] of Object.entries(all)) {
    const rules = rulesOf(where, site, { ...general, ...settings })
    for (const id of [site, ...(settings.aliases ?? [])]) {
      const other = named.get(id)
      if (other) throw new StartError(`The site settings ${where}: '${id}' means both ${other.id} and ${site}.`)
      named.set(id, rules)
    }
  }
  return (site) => named.get(site) ?? { ...others, id: site }
}

/** The rules that the operator's file has alone. */
export const readSites = (path: string | undefined): RulesOf => rulesIn(readSettings(path), path)

/** The longest that a visit of any site may be silent, from the same file. */
export const longestSilenceMs = (path: string | undefined): number =>
  Object.values(readSettings(path))
    .map((settings) => visitRulesOf(settings).inactivityMs)
    .reduce((longest, silenceMs) => Math.max(longest, silenceMs), visitRulesOf({}).inactivityMs)

export const layers = ['bronze', 'silver', 'gold'] as const
export type Layer = (typeof layers)[number]
/** For how many days a layer is kept of each site, where that is not for good; '*' is of every site that is not named. */
export type Retention = Record<Layer | 'lake', ReadonlyMap<string, number | undefined>>

/** For how many days a layer keeps a site; undefined is for good. */
export const daysKept = (of: ReadonlyMap<string, number | undefined>, site: string): number | undefined =>
  of.has(site) ? of.get(site) : of.get('*')

/** How long what is stored is kept. */
export const retentionIn = (all: AllSettings): Retention => {
  const general = all['*']?.keep_days ?? {}
  const ofLayer = (layer: Layer | 'lake') =>
    new Map([
      ...Object.entries(all).map(([site, { keep_days }]) => [site, keep_days?.[layer] ?? general[layer]] as const),
      ['*', general[layer]] as const,
    ])
  return { bronze: ofLayer('bronze'), silver: ofLayer('silver'), gold: ofLayer('gold'), lake: ofLayer('lake') }
}

/** The same of the operator's file alone. @throws {StartError} naming the file, the setting, and what was expected */
export const readRetention = (path: string | undefined): Retention => retentionIn(readSettings(path))
