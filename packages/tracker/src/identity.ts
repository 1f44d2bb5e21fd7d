import { readItem, writeItem } from './storage.ts'

const visitKey = 'clickwatch.session'
const visitorKey = 'clickwatch.visitor'
const inactivityMs = 30 * 60_000

/** Random bytes as hex; `crypto.randomUUID` exists on https alone, this everywhere. */
const randomHex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A UUIDv7 (RFC 9562, 5.7): the time in front, so that ids made later sort later. */
export const newId = (nowMs: number): string => {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0')
  const random = randomHex(10)
  const variant = ((Number.parseInt(random[3] ?? '0', 16) & 3) | 8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`
}

/** The browser's own id, made at its first visit. */
export const visitorId = (): string => {
  const known = readItem(visitorKey)
  if (known) return known
  const made = newId(Date.now())
  writeItem(visitorKey, made)
  return made
}

/**
 * The visit's id, shared by the tabs of a browser. A visit ends after 30 minutes in which nothing happened.
 * @param begins whether what happens now may begin a visit; the end of a page may not
 */
export const sessionId = (begins: boolean): { id: string; isNew: boolean } => {
  const nowMs = Date.now()
  const [id = '', lastMs = '0'] = (readItem(visitKey) ?? '').split('.')
  const isOver = !id || nowMs - Number(lastMs) > inactivityMs
  if (isOver && !begins && id) return { id, isNew: false }
  const current = isOver ? newId(nowMs) : id
  writeItem(visitKey, `${current}.${nowMs}`)
  return { id: current, isNew: isOver }
}
