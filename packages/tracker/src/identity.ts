import { isStoring, readItem, writeItem } from './storage.ts'

const inactivityMs = 30 * 60_000

/** A UUIDv7 (RFC 9562, 5.7): the time in front, so that ids made later sort later. `randomUUID` exists on https alone. */
export const newId = (): string => {
  // Decimal digits are hexadecimal ones too; eighteen of them are as random as 60 bits, for every millisecond.
  const digits = () => crypto.getRandomValues(new Uint8Array(18)).map((byte) => byte % 10)
  return `0${Date.now().toString(16)}7${digits().join('')}`.replace(/(.{8})(.{4})(.{4})(.{3})/, '$1-$2-$3-8$4-')
}

/** The browser's own id, made at its first visit; undefined where the browser keeps none. */
export const visitorId = (): string | undefined => {
  if (!isStoring()) return undefined
  const id = readItem('visitor') || newId()
  writeItem('visitor', id)
  return id
}

/** A visit as the tabs of a browser share it: its id, the number of its next event, and whether it begins with that. */
type Visit = [sessionId: string, seq: number, isNew: unknown]

/**
 * The visit that an event belongs to. It ends after 30 minutes in which nothing happened.
 * @param begins whether what happens now may begin a visit; the end of a page may not
 * @param campaign what brought the visitor to this page, if anything; another one begins another visit
 */
export const nextOfVisit = (begins: boolean, campaign: unknown): Visit => {
  const nowMs = Date.now()
  const [id, last, number, before] = readItem('session').split('|') as [string, string, string, string]
  const isOver = nowMs - +last > inactivityMs || (campaign && `${campaign}` !== before)
  const isNew = !id || (begins && isOver)
  const sessionId = isNew ? newId() : id
  const seq = isNew ? 0 : +number
  writeItem('session', [sessionId, begins ? nowMs : last, seq + 1, campaign || before].join('|'))
  return [sessionId, seq, isNew]
}
