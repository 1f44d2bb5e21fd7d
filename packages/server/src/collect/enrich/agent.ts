import type { IncomingHttpHeaders } from 'node:http'
import bowser from 'bowser'
import { LRUCache } from 'lru-cache'
import type { Agent } from '../../stream/document.ts'
import { hintsKey, readHints } from './hints.ts'

const unknownAgent: Agent = { browser: '', browser_version: '', os: '', os_version: '', device: '' }
const cache = new LRUCache<string, Agent>({ max: 5000 })

// One spelling each, the one people know.
const browserNames: Record<string, string> = {
  'Microsoft Edge': 'Edge',
  'Samsung Internet for Android': 'Samsung Internet',
  'Opera Touch': 'Opera',
  'Opera Coast': 'Opera',
}

const deviceOf = (type: string | undefined): string =>
  type === 'mobile' || type === 'tablet' || type === 'desktop' || type === 'tv' ? type : ''

const read = (userAgent: string): Agent => {
  const { browser, os, platform } = bowser.parse(userAgent)
  const browserName = browser.name ?? ''
  return {
    browser: browserNames[browserName] ?? browserName,
    browser_version: browser.version?.split('.')[0] ?? '',
    os: os.name === 'Chrome OS' ? 'ChromeOS' : (os.name ?? ''),
    // Windows' own number says NT 10.0; its name says 10. Elsewhere the number is what people know.
    os_version: (os.name === 'Windows' ? os.versionName : os.version) ?? '',
    device: os.name === 'Chrome OS' ? 'desktop' : deviceOf(platform.type),
  }
}

/** Browser, operating system and kind of device by the headers of a request; '' where they do not say. */
export const readAgent = (headers: IncomingHttpHeaders): Agent => {
  const userAgent = (headers['user-agent'] ?? '').slice(0, 1000)
  const key = `${hintsKey(headers)}\n${userAgent}`
  const known = cache.get(key)
  if (known) return known
  const said = userAgent === '' ? unknownAgent : read(userAgent)
  const hints = readHints(headers)
  // The version is of the system that the User-Agent names.
  const isOtherOs = hints?.os !== undefined && hints.os !== said.os
  const agent = { ...said, ...(isOtherOs ? { os_version: '' } : {}), ...hints }
  cache.set(key, agent)
  return agent
}

/** A system as session documents name it, 'Windows 10' or 'macOS', as name and version. */
export const splitOs = (text: string): { os: string; os_version: string } => {
  const match = /^(.*?)\s+([\d.]+)$/.exec(text.trim())
  return match ? { os: match[1] ?? '', os_version: match[2] ?? '' } : { os: text.trim(), os_version: '' }
}
