import type { Acquisition } from '../../stream/document.ts'

type Kind = 'search' | 'social' | 'video' | 'email' | 'ai'

// Host (without www.) → the name people know and what kind of place it is. A host also stands for its subdomains.
const places: Record<string, { source: string; kind: Kind }> = {
  'google.com': { source: 'Google', kind: 'search' },
  'bing.com': { source: 'Bing', kind: 'search' },
  'duckduckgo.com': { source: 'DuckDuckGo', kind: 'search' },
  'ecosia.org': { source: 'Ecosia', kind: 'search' },
  'search.brave.com': { source: 'Brave', kind: 'search' },
  'yahoo.com': { source: 'Yahoo', kind: 'search' },
  'yandex.com': { source: 'Yandex', kind: 'search' },
  'yandex.ru': { source: 'Yandex', kind: 'search' },
  'baidu.com': { source: 'Baidu', kind: 'search' },
  'startpage.com': { source: 'Startpage', kind: 'search' },
  'qwant.com': { source: 'Qwant', kind: 'search' },
  'facebook.com': { source: 'Facebook', kind: 'social' },
  'instagram.com': { source: 'Instagram', kind: 'social' },
  'linkedin.com': { source: 'LinkedIn', kind: 'social' },
  'lnkd.in': { source: 'LinkedIn', kind: 'social' },
  'twitter.com': { source: 'Twitter', kind: 'social' },
  'x.com': { source: 'Twitter', kind: 'social' },
  't.co': { source: 'Twitter', kind: 'social' },
  'reddit.com': { source: 'Reddit', kind: 'social' },
  'quora.com': { source: 'Quora', kind: 'social' },
  'pinterest.com': { source: 'Pinterest', kind: 'social' },
  'threads.net': { source: 'Threads', kind: 'social' },
  'threads.com': { source: 'Threads', kind: 'social' },
  'bsky.app': { source: 'Bluesky', kind: 'social' },
  'mastodon.social': { source: 'Mastodon', kind: 'social' },
  'news.ycombinator.com': { source: 'Hacker News', kind: 'social' },
  'producthunt.com': { source: 'Product Hunt', kind: 'social' },
  'tiktok.com': { source: 'TikTok', kind: 'video' },
  'youtube.com': { source: 'YouTube', kind: 'video' },
  'youtu.be': { source: 'YouTube', kind: 'video' },
  'vimeo.com': { source: 'Vimeo', kind: 'video' },
  'twitch.tv': { source: 'Twitch', kind: 'video' },
  'mail.google.com': { source: 'Gmail', kind: 'email' },
  'outlook.live.com': { source: 'Outlook', kind: 'email' },
  'mail.yahoo.com': { source: 'Yahoo Mail', kind: 'email' },
  'chatgpt.com': { source: 'ChatGPT', kind: 'ai' },
  'chat.openai.com': { source: 'ChatGPT', kind: 'ai' },
  'perplexity.ai': { source: 'Perplexity', kind: 'ai' },
  'claude.ai': { source: 'Claude', kind: 'ai' },
  'gemini.google.com': { source: 'Gemini', kind: 'ai' },
  'copilot.microsoft.com': { source: 'Copilot', kind: 'ai' },
}

const placeOfHost = (host: string): { source: string; kind: Kind } | undefined => {
  for (let rest = host; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
    const place = places[rest]
    if (place) return place
  }
  // google.de, google.co.uk …
  return /^(.+\.)?google(\.[a-z]{2,3}){1,2}$/.test(host) ? places['google.com'] : undefined
}

// A campaign's own word for where it ran: 'linkedin', 'youtube', 'newsletter'.
const kindsBySource = new Map<string, Kind>([
  ...Object.values(places).map(({ source, kind }) => [source.toLowerCase(), kind] as const),
  ['x', 'social'],
  ['mailchimp', 'email'],
  ['newsletter', 'email'],
])

const paidMedium = /^(.*cp.*|ppc|retargeting|paid.*|ads?)$/

/** The channel of a visit, after GA4's default channel group with AI assistants beside it (docs/metrics.md). */
const channelOf = (kind: Kind | undefined, source: string, medium: string, campaign: string): string => {
  const isPaid = paidMedium.test(medium)
  if (medium === 'email' || medium === 'e-mail' || medium === 'newsletter' || kind === 'email') return 'Email'
  if (kind === 'ai') return 'AI Assistants'
  if (isPaid && kind === 'search') return 'Paid Search'
  if (isPaid && kind === 'social') return 'Paid Social'
  if (isPaid && kind === 'video') return 'Paid Video'
  if (/^(display|banner|expandable|interstitial|cpm)$/.test(medium)) return 'Display'
  if (isPaid) return 'Paid Other'
  if (medium === 'affiliate') return 'Affiliates'
  if (medium === 'sms') return 'SMS'
  if (medium === 'push' || medium === 'notification') return 'Push Notifications'
  if (medium === 'audio') return 'Audio'
  if (kind === 'search') return 'Organic Search'
  if (kind === 'social' || /^(social|social-network|social-media|sm|influencer|post|story)$/.test(medium))
    return 'Organic Social'
  if (kind === 'video' || medium === 'video') return 'Organic Video'
  if (!source && !medium && !campaign) return 'Direct'
  if (source || medium === 'referral') return 'Referral'
  return 'Unassigned'
}

const hostOf = (url: string): string => {
  const parsed = URL.parse(url)
  return parsed?.protocol.startsWith('http') ? parsed.hostname.replace(/^www\./, '') : ''
}

/**
 * Where a visit came from, by what it says of itself.
 * @param said the utm parameters, and the referrer: an address, or a producer's own word such as 'newsletter'
 */
export const classify = (said: {
  referrer: string
  utm_source: string
  utm_medium: string
  utm_campaign: string
}): Acquisition => {
  const host = hostOf(said.referrer)
  const referred = host ? placeOfHost(host) : undefined
  const referrerName = referred?.source ?? (host || said.referrer)
  const source = said.utm_source || referrerName
  const kind = said.utm_source
    ? (kindsBySource.get(said.utm_source.toLowerCase()) ?? placeOfHost(said.utm_source.toLowerCase())?.kind)
    : (referred?.kind ?? kindsBySource.get(referrerName.toLowerCase()))
  return { ...said, source, channel: channelOf(kind, source, said.utm_medium.toLowerCase(), said.utm_campaign) }
}

/** Where a page view of the tracker came from: its own address' parameters, else the page that linked to it. */
export const acquisitionOfPage = (url: string, referrer: string): Acquisition => {
  const page = URL.parse(url)
  const parameter = (...names: string[]): string => {
    for (const name of names) {
      const value = page?.searchParams.get(name)
      if (value) return value.slice(0, 200)
    }
    return ''
  }
  const isInternal = page !== null && hostOf(referrer) === page.hostname.replace(/^www\./, '')
  return classify({
    referrer: isInternal ? '' : (referrer.split(/[?#]/)[0] ?? ''),
    utm_source: parameter('utm_source', 'source', 'ref'),
    utm_medium: parameter('utm_medium'),
    utm_campaign: parameter('utm_campaign'),
  })
}
