import type { IncomingHttpHeaders } from 'node:http'
import type { Agent } from '../../stream/document.ts'

// User-Agent Client Hints (https://wicg.github.io/ua-client-hints/): what Chromium's browsers say of themselves beside a User-Agent
// that is frozen and, for several of them, Chrome's.

const names: Record<string, string> = {
  'Google Chrome': 'Chrome',
  'Microsoft Edge': 'Edge',
  'Opera GX': 'Opera',
  HeadlessChrome: 'Chrome',
  'Android WebView': 'Android WebView',
  YaBrowser: 'Yandex Browser',
  Yowser: 'Yandex Browser',
  HuaweiBrowser: 'Huawei Browser',
}
const systems: Record<string, string> = { 'Chrome OS': 'ChromeOS', 'Chromium OS': 'ChromeOS' }

const header = (headers: IncomingHttpHeaders, name: string): string =>
  `${headers[`sec-ch-ua${name}`] ?? ''}`.slice(0, 500)
const unquoted = (text: string): string => text.replace(/^"|"$/g, '')

/** The brand that is neither the engine's nor the nonsense that browsers put in the list ("Not;A=Brand"). */
const brandOf = (list: string): { browser: string; browser_version: string } | undefined => {
  const brands = [...list.matchAll(/"([^"]+)";\s*v="(\d+)/g)].map(([, name = '', version = '']) => ({ name, version }))
  const real = brands.filter(({ name }) => !/not.{0,3}a.{0,3}brand/i.test(name))
  const brand =
    real.findLast(({ name }) => name !== 'Chromium' && name !== 'Google Chrome') ??
    real.find(({ name }) => name !== 'Chromium')
  return brand && { browser: names[brand.name] ?? brand.name, browser_version: brand.version }
}

// https://learn.microsoft.com/microsoft-edge/web-platform/how-to-detect-win11: 13 and later is Windows 11.
const versionOf = (os: string, version: string): string => {
  const [major = '', minor = ''] = version.split('.')
  if (os === 'Windows') return Number(major) >= 13 ? '11' : Number(major) > 0 ? '10' : ''
  if (os === 'macOS') return Number(major) >= 11 ? major : `${major}.${minor}`
  return major
}

/** What the hints of a request say; undefined where there are none. */
export const readHints = (headers: IncomingHttpHeaders): Partial<Agent> | undefined => {
  const list = header(headers, '')
  if (list === '') return undefined
  const platform = unquoted(header(headers, '-platform'))
  const os = systems[platform] ?? platform
  const version = unquoted(header(headers, '-platform-version'))
  const osVersion = version === '' ? '' : versionOf(os, version)
  return {
    ...brandOf(list),
    ...(os && os !== 'Unknown' ? { os } : {}),
    ...(osVersion ? { os_version: osVersion } : {}),
  }
}

/** The hints of a request as one text, the same for the same hints. */
export const hintsKey = (headers: IncomingHttpHeaders): string =>
  headers['sec-ch-ua'] === undefined
    ? ''
    : ['', '-platform', '-platform-version'].map((name) => header(headers, name)).join('\n')
