import type { Acquisition, Advert } from '../../stream/document.ts'
import { advertOfPage } from './advert.ts'
import { isPaid as isPaidMedium, type Kind, networks, ownPlaces, placeOfHost } from './places.ts'

// A campaign's own word for where it ran: 'linkedin', 'youtube', 'newsletter'.
const kindsBySource = new Map<string, Kind>([
  ...Object.values(ownPlaces).flatMap(({ source, kind }) => (kind ? [[source.toLowerCase(), kind] as const] : [])),
  ['fb', 'social'],
  ['ig', 'social'],
  ['meta', 'social'],
  ['mailchimp', 'email'],
  ['newsletter', 'email'],
  ['x', 'social'],
])

/** The channel of a visit, after GA4's default channel group with AI assistants beside it (docs/metrics.md). */
const channelOf = (kind: Kind | undefined, isPaid: boolean, said: Said, source: string): string => {
  const medium = said.utm_medium.toLowerCase()
  const campaign = said.utm_campaign.toLowerCase()
  const isShop = kind === 'shopping' || /^(.*(([^a-df-z]|^)shop|shopping).*)$/.test(campaign)
  if (/^e[-_ ]?mail$|^newsletter$/.test(medium) || (kind === 'email' && !isPaid)) return 'Email'
  if (kind === 'ai' && !isPaid) return 'AI Assistants'
  if (campaign.includes('cross-network')) return 'Cross-network'
  if (isPaid && isShop) return 'Paid Shopping'
  if (isPaid && kind === 'search') return 'Paid Search'
  if (isPaid && kind === 'social') return 'Paid Social'
  if (isPaid && kind === 'video') return 'Paid Video'
  if (/^(display|banner|expandable|interstitial|cpm)$/.test(medium) || kind === 'display') return 'Display'
  if (isPaid) return 'Paid Other'
  if (isShop) return 'Organic Shopping'
  if (
    kind === 'social' ||
    /^(social|social-network|social-media|sm|social network|social media|influencer|post|story)$/.test(medium)
  )
    return 'Organic Social'
  if (kind === 'video' || medium.includes('video')) return 'Organic Video'
  if (kind === 'search' || medium === 'organic') return 'Organic Search'
  if (/^affiliates?$/.test(medium)) return 'Affiliates'
  if (medium === 'audio') return 'Audio'
  if (medium === 'sms') return 'SMS'
  if (/push$|mobile|notification/.test(medium)) return 'Push Notifications'
  if (!source && !medium && !campaign) return 'Direct'
  return source || /^(referral|app|link)$/.test(medium) ? 'Referral' : 'Unassigned'
}

// An app says its name as android-app://com.linkedin.android/.
const urlOf = (url: string): URL | undefined => {
  const parsed = URL.parse(url)
  return parsed && /^(https?|android-app):$/.test(parsed.protocol) ? parsed : undefined
}
const hostOf = (url: URL | undefined): string => url?.hostname.replace(/^www\./, '') ?? ''

/** What a visit says of itself: the utm parameters, and the referrer, an address or a producer's own word such as 'newsletter'. */
type Said = { referrer: string; utm_source: string; utm_medium: string; utm_campaign: string }

/**
 * Where a visit came from, by what it says of itself.
 * @param clickIdName the parameter by which an ad network named the click, '' for none
 */
export const classify = (said: Said, clickIdName = ''): Acquisition => {
  const url = urlOf(said.referrer)
  const host = hostOf(url)
  const referred = host ? placeOfHost(host, url?.pathname) : undefined
  const network = networks[clickIdName]
  const referrerName = referred?.source ?? (host || said.referrer)
  const source = said.utm_source || network?.source || referrerName
  const word = said.utm_source.toLowerCase()
  const kind = said.utm_source
    ? (kindsBySource.get(word) ?? placeOfHost(word)?.kind ?? placeOfHost(`${word}.com`)?.kind)
    : (network?.kind ?? referred?.kind ?? kindsBySource.get(referrerName.toLowerCase()))
  const isPaid = isPaidMedium(said.utm_medium) || (said.utm_medium === '' && network?.isPaid === true)
  return { ...said, source, channel: channelOf(kind, isPaid, said, source) }
}

/** Where a page view of the tracker came from: its own address' parameters, else the page that linked to it. */
export const acquisitionOfPage = (url: string, referrer: string): Acquisition & Advert => {
  const page = URL.parse(url)
  const parameter = (...names: string[]): string => {
    for (const name of names) {
      const value = page?.searchParams.get(name)
      if (value) return value.slice(0, 200)
    }
    return ''
  }
  const advert = advertOfPage(page)
  const isInternal = page !== null && hostOf(urlOf(referrer)) === page.hostname.replace(/^www\./, '')
  const said = {
    referrer: isInternal ? '' : (referrer.split(/[?#]/)[0]?.slice(0, 2048) ?? ''),
    utm_source: parameter('utm_source', 'source', 'ref'),
    utm_medium: parameter('utm_medium'),
    utm_campaign: parameter('utm_campaign'),
  }
  return { ...classify(said, advert.click_id_name), ...advert }
}
