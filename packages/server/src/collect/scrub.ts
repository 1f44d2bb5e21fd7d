import type { StreamDocument } from '../stream/document.ts'

// Secrets and e-mail addresses get into what pages say of themselves: into addresses, titles and links, without anybody meaning it. They
// are taken out before anything is on disk, so that no table, no backup and no copy has them.

/** What stands in their place; characters that an address may have as they are. */
export const secretRemoved = '(secret)'
export const emailRemoved = '(email)'

/** Words that make a parameter of an address, or a property, a secret. */
export const secretWords: readonly string[] = [
  'accesskey',
  'apikey',
  'authorization',
  'authtoken',
  'credential',
  'credentials',
  'csrf',
  'jwt',
  'otp',
  'passcode',
  'passphrase',
  'passwd',
  'password',
  'privatekey',
  'pwd',
  'refreshtoken',
  'secret',
  'token',
  'xsrf',
]

/** Words that mean a secret in an address, and something harmless among the properties of an event. */
export const addressWords: readonly string[] = [
  'auth',
  'email',
  'jsessionid',
  'key',
  'pass',
  'phpsessid',
  'samlresponse',
  'session',
  'sessionid',
  'sid',
  'sig',
  'signature',
  'ticket',
]

/** `accessToken`, `access_token`, `user[access-token]`: words, in small letters. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

/** What an operator adds to the words, or, with '-' before it, takes out of them. */
const changed = (words: readonly string[], changes: readonly string[]): Set<string> => {
  const all = new Set(words)
  for (const change of changes) {
    const word = wordsOf(change).join('')
    if (change.startsWith('-')) all.delete(word)
    else all.add(word)
  }
  return all
}

const mostRemembered = 5000
/** Of how many words of a name one of the list may be put together. */
const longestRuns = [1, 2, 3, 4]

/** Whether a name, or a word of it, is one of some words. Names come again and again, so they are remembered. */
const namesOneOf = (words: ReadonlySet<string>): ((name: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (name) => {
    const remembered = known.get(name)
    if (remembered !== undefined) return remembered
    const own = wordsOf(name)
    const isOne = own.some((_, from) =>
      longestRuns.some((length) => words.has(own.slice(from, from + length).join(''))),
    )
    if (known.size >= mostRemembered) known.clear()
    known.set(name, isOne)
    return isOne
  }
}

const mostLevels = 5

/** A name as it was meant, in however many addresses inside addresses it stands. */
const decoded = (text: string, levels = mostLevels): string => {
  if (levels === 0 || !text.includes('%')) return text
  try {
    return decoded(decodeURIComponent(text), levels - 1)
  } catch {
    return text
  }
}

// Each of these looks at a character a bounded number of times, however long a text is and whatever is in it.
/** Most texts hold nothing of the kind. */
const mayHold = /[=@]|%(?:25)*40|%(?:25)*3d|eyJ/i
const userinfo = /:\/\/(?:[^\s/?#@]*@)+/g
const jwt = /(?<![\w-])eyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/g
/** A letter or digit, which an address may have encoded. */
const letter = String.raw`[\p{L}\p{N}]|%(?:25)*[89a-f][0-9a-f]`
/** The second half of an e-mail address, with the sign before it. */
const emailEnd = new RegExp(
  String.raw`(?:@|%(?:25)*40)(?:(?:${letter}|-){1,63}\.){1,8}(?:\p{L}|%(?:25)*[89a-f][0-9a-f])(?:${letter}|-){1,23}`,
  'giu',
)
const encodedSign = /%(?:25)*[0-9a-f]{2}$/i
/** What of the first half may be encoded: letters, and + - . _ */
const encodedLocal = /%(?:25)*(?:[89a-f][0-9a-f]|2[bde]|5f)$/i
const local = /[\p{L}\p{N}_.+'-]/u
const longestLocal = 64
const longestSign = 16
/** What begins a parameter, its name and the sign before its value; in an address inside an address they are encoded once more. */
const parameter = /([?&#;]|%(?:25)*(?:3f|26|23))([^=?&#;\s]{1,100}?)(?:=|%(?:25)*3d)/gi
const valueEnd = /[&#;\s"'<>]/g
const encodedValueEnd = /[&#;\s"'<>]|%(?:25)*(?:26|23)/gi

/** Where the first half of an e-mail address begins that ends at `end`; `end` where it has none. */
const localStart = (text: string, from: number, end: number): number => {
  let start = end
  for (let signs = 0; signs < longestLocal && start > from; signs++) {
    const before = text.slice(Math.max(from, start - longestSign), start)
    const encoded = encodedSign.exec(before)?.[0]
    if (encoded === undefined ? !local.test(text[start - 1] ?? '') : !encodedLocal.test(before)) break
    start -= encoded?.length ?? 1
  }
  return start
}

const withoutEmails = (text: string): string => {
  let scrubbed = ''
  let keptUntil = 0
  for (const { index, 0: ending } of text.matchAll(emailEnd)) {
    const start = localStart(text, keptUntil, index)
    if (start === index) continue
    scrubbed += text.slice(keptUntil, start) + emailRemoved
    keptUntil = index + ending.length
  }
  return scrubbed + text.slice(keptUntil)
}

/** A list or an object, which a property may be as text. */
const isJson = /^\s*(?:\[|\{)[^"]*"/
const property = /"([^"\\]{1,100})"\s{0,9}:\s{0,9}"[^"]*"?/g

/** Takes out of what arrived what must not be kept. What holds nothing of the kind comes out as it is, and twice is as once. */
export type Scrub = {
  text(text: string): string
  /** A document that is JSON, of any depth, save the ids of visitors, visits and events. */
  document<Document extends object>(document: Document): Document
  /** The text of what was refused, which may be JSON or not. */
  refused(text: string): string
}

/** What tells visitors, visits and events apart would not any more; who may be named by one is hashed elsewhere. */
const ids = new Set(['id', 'visitor_id', 'session_id', 'user_id', 'messageId', 'site'])

/** @param changes words that an operator adds, or takes out with '-' before them */
export const createScrub = (changes: readonly string[] = []): Scrub => {
  const isSecretProperty = namesOneOf(changed(secretWords, changes))
  const isSecretParameter = namesOneOf(changed([...secretWords, ...addressWords], changes))

  const withoutSecrets = (text: string): string => {
    // `code` is a coupon on one page, and on another what an identity provider sends back, with a state, to let somebody in.
    const isSignIn = /[?&]state=/i.test(text)
    let scrubbed = ''
    let keptUntil = 0
    parameter.lastIndex = 0
    for (let found = parameter.exec(text); found; found = parameter.exec(text)) {
      const [, begin = '', name = ''] = found
      if (!isSecretParameter(decoded(name)) && !(isSignIn && /^code$/i.test(name))) continue
      const from = parameter.lastIndex
      const end = begin.length > 1 ? encodedValueEnd : valueEnd
      end.lastIndex = from
      const to = end.exec(text)?.index ?? text.length
      parameter.lastIndex = to
      if (to === from || text.slice(from, to) === emailRemoved) continue
      scrubbed += text.slice(keptUntil, from) + secretRemoved
      keptUntil = to
    }
    return scrubbed + text.slice(keptUntil)
  }

  const scrubText = (text: string): string =>
    mayHold.test(text) ? withoutSecrets(withoutEmails(text.replace(userinfo, '://').replace(jwt, secretRemoved))) : text

  const scrubValue = (value: unknown): unknown => {
    if (typeof value === 'string') return isJson.test(value) ? scrubJson(value, scrubValue) : scrubText(value)
    if (Array.isArray(value)) return scrubList(value, scrubValue)
    return typeof value === 'object' && value !== null ? scrubFields(value, scrubField) : value
  }

  const scrubField = (name: string, value: unknown): unknown =>
    (typeof value === 'string' || typeof value === 'number') && isSecretProperty(name)
      ? secretRemoved
      : scrubValue(value)

  const scrubOwnField = (name: string, value: unknown): unknown => {
    if (ids.has(name)) return value
    const isList = name === 'events' && Array.isArray(value)
    return isList ? scrubList(value, (each) => scrubOwn(each)) : scrubField(name, value)
  }

  /** A document or an event, which has ids of its own. */
  const scrubOwn = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? scrubFields(value, scrubOwnField)
      : scrubValue(value)

  return {
    text: scrubText,
    document: (document) => scrubFields(document, scrubOwnField),
    refused: (text) => scrubJson(text, scrubOwn),
  }

  function scrubJson(text: string, scrub: (value: unknown) => unknown): string {
    try {
      const value: unknown = JSON.parse(text)
      const scrubbed = scrub(value)
      return scrubbed === value ? text : JSON.stringify(scrubbed)
    } catch {
      // No JSON, or cut: what it was meant to be can still be seen.
      return scrubText(text).replace(property, (whole, name: string) =>
        isSecretProperty(name) ? `"${name}":"${secretRemoved}"` : whole,
      )
    }
  }

  function scrubFields<Thing extends object>(thing: Thing, scrub: (name: string, value: unknown) => unknown): Thing {
    let isChanged = false
    const entries = Object.entries(thing).map(([name, value]: [string, unknown]) => {
      const scrubbed = [scrubText(name), scrub(name, value)] as const
      if (scrubbed[0] !== name || scrubbed[1] !== value) isChanged = true
      return scrubbed
    })
    return isChanged ? (Object.fromEntries(entries) as Thing) : thing
  }
}

const scrubList = (list: unknown[], scrub: (value: unknown) => unknown): unknown[] => {
  const scrubbed = list.map(scrub)
  return scrubbed.some((each, index) => each !== list[index]) ? scrubbed : list
}

/** What is to be taken out of what arrives for a site. */
export type ScrubOf = (site: string) => Scrub

/** What was refused is kept whole, less what must not be kept; its reason may quote it. */
export const scrubRefused =
  (scrubOf: ScrubOf) =>
  <Document extends StreamDocument>(document: Document): Document => {
    if (document.kind !== 'refused') return document
    const scrub = scrubOf(document.site)
    return { ...document, reason: scrub.text(document.reason), document: scrub.refused(document.document) }
  }

/** @param general what the operator changes for all sites */
export const scrubsOf = (changesOf: (site: string) => readonly string[], general: readonly string[]): ScrubOf => {
  const scrubs = new Map<string, Scrub>()
  return (site) => {
    const changes = [...general, ...changesOf(site)]
    const key = changes.join()
    const scrub = scrubs.get(key) ?? createScrub(changes)
    scrubs.set(key, scrub)
    return scrub
  }
}
