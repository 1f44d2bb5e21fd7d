import { deviceOf, type Format, type Read, revenueOf, screenOf } from './hit.ts'
import { jsonLinesOf } from './lines.ts'

type Action = {
  type?: string
  url?: string
  timestamp?: number
  eventAction?: string
  eventName?: string
  goalName?: string
  pageTitle?: string | null
  revenue?: string | number | null
}
/** A visit of Matomo's Live.getLastVisitsDetails, as far as it is read (https://developer.matomo.org/api-reference/reporting-api#Live). */
type Visit = {
  idVisit?: string | number
  visitorId?: string
  referrerUrl?: string | null
  browserName?: string
  operatingSystemName?: string
  deviceType?: string
  countryCode?: string
  region?: string | null
  city?: string | null
  resolution?: string
  siteCurrency?: string
  languageCode?: string
  campaignName?: string
  actionDetails?: Action[]
}

/** What its kinds of actions are here; others have names of their own. */
const types: Readonly<Record<string, string>> = {
  action: 'page_view',
  outlink: 'click',
  download: 'click',
  search: 'search',
}

const typeOf = ({ type = '', eventAction, eventName, goalName }: Action): string =>
  type === 'event' ? eventAction || eventName || 'event' : type === 'goal' ? goalName || 'goal' : (types[type] ?? type)

/** Where nothing is known, it says so in words. */
const known = (text?: string | null): string => (text && !/^unknown$/i.test(text) ? text : '')

const readVisit = (visit: Visit): Read[] => {
  const { idVisit, visitorId, actionDetails = [], referrerUrl } = visit
  if (!visitorId) return [{ wrong: 'visitorId is missing' }]
  if (actionDetails.length === 0) return [{ left: 'without an action' }]
  return actionDetails.map((action, index): Read => {
    const { timestamp, url = '' } = action
    if (!timestamp) return { wrong: `actionDetails/${index}/timestamp is missing` }
    if (typeOf(action) === '') return { wrong: `actionDetails/${index}/type is missing` }
    const revenue = action.type === 'ecommerceOrder' ? revenueOf(action.revenue, visit.siteCurrency) : undefined
    return {
      hit: {
        ...{ visitor: visitorId, visit: String(idVisit ?? ''), timeMs: timestamp * 1000, type: typeOf(action), url },
        referrer: index === 0 ? (referrerUrl ?? '') : '',
        ...{
          browser: visit.browserName ?? '',
          os: visit.operatingSystemName ?? '',
          device: deviceOf(visit.deviceType ?? ''),
        },
        country: (visit.countryCode ?? '').slice(0, 2).toUpperCase(),
        ...{ region: known(visit.region), city: known(visit.city), screen: screenOf(visit.resolution) },
        title: action.pageTitle ?? '',
        ...(revenue ? { revenue } : {}),
        ...{ language: visit.languageCode ?? '', campaign: visit.campaignName ?? '' },
      },
    }
  })
}

/** Matomo's Live.getLastVisitsDetails, a visit a line: `jq -c '.[]' visits.json`. */
export const matomo: Format = (text) => jsonLinesOf(text, (row) => readVisit(row as Visit))
