import type { TrackerBatch, TrackerEvent } from '@clickwatch/contract'
import { visitorId } from './identity.ts'
import type { Options } from './options.ts'
import { readItem, writeItem } from './storage.ts'

// Sends events in order and keeps what did not arrive. An event keeps its id, so one that arrives twice counts once.

const gatherMs = 100
const maxEvents = 20
/** More than this do not wait: the oldest gives way. */
const maxWaiting = 20_000
/** Characters, of up to three bytes; a browser takes 64 KiB of what is to outlive a page. */
const maxKeptAlive = 20_000
const firstRetryMs = 1000
const lastRetryMs = 60_000

let to: Pick<Options, 'endpoint' | 'site'>
let waiting: TrackerEvent[] = []
/** Those of them that are on their way. */
let sending: TrackerEvent[] = []
let gathering = 0
let retryMs = firstRetryMs
/** Whether what arrives waits: until `release`, and for a while after a failure. */
let isPaused = true

const bodyOf = (events: TrackerEvent[]): string => {
  // What is undefined stays out of the JSON.
  const batch: { [Key in keyof TrackerBatch]: TrackerBatch[Key] | undefined } = {
    site: to.site,
    // biome-ignore lint/style/useTemplate: it is smaller
    layout: innerWidth + 'x' + document.documentElement.scrollHeight,
    visitor_id: visitorId(),
    sent_at: Date.now(),
    // biome-ignore lint/style/useTemplate: it is smaller
    screen: screen.width + 'x' + screen.height,
    events,
  }
  return JSON.stringify(batch)
}

const parked = (): TrackerEvent[] => JSON.parse(readItem('queue') || '[]')
const waitingWithout = (events: TrackerEvent[]) => waiting.filter((event) => !events.includes(event))

/** Keeps what is waiting where a later page, or another tab, finds it. */
const park = (): void => {
  if (writeItem('queue', JSON.stringify([...parked(), ...waitingWithout(sending)]))) waiting = [...sending]
}

/** Sends what was parked, and then what came after it. */
const retry = (): void => {
  waiting = [...parked(), ...waiting]
  writeItem('queue', '')
  isPaused = false
  send()
}

const settle = (events: TrackerEvent[], response?: Response): void => {
  if (sending === events) sending = []
  // Too many, or a fault of the server's; what lies between hardly occurs.
  if (!response || response.status > 428) {
    isPaused = true
    park()
    setTimeout(
      retry,
      Math.max(+(response?.headers.get('retry-after') as string) * 1000 || 0, (retryMs * (1 + Math.random())) / 2),
    )
    retryMs = Math.min(retryMs * 2, lastRetryMs)
    return
  }
  waiting = waitingWithout(events)
  retryMs = firstRetryMs
  send()
}

const send = (): void => {
  gathering = 0
  if (!waiting[0] || sending[0] || isPaused) return
  const events = waiting.slice(0, maxEvents)
  sending = events
  const body = bodyOf(events)
  // text/plain spares the browser a preflight; keepalive lets the request outlive the page.
  fetch(to.endpoint, { method: 'POST', body, keepalive: body.length < maxKeptAlive }).then(
    (response) => settle(events, response),
    () => settle(events),
  )
}

/** Says where to send to. Nothing is sent before `release`. */
export const openDelivery = (options: Options): void => {
  to = options
}

/** Lets go what waits; what pages before this one could not send comes first. */
export const release = (): void => {
  addEventListener('online', retry)
  retry()
}

/** Takes an event; `now` sends at once, for what may be the page's last word. */
export const deliver = (event: TrackerEvent, now?: boolean): void => {
  waiting.push(event)
  if (waiting.length > maxWaiting) waiting.shift()
  if (now) send()
  else gathering = gathering || setTimeout(send, gatherMs)
}

/** The page may end here: hands what is not yet on its way to the browser, or keeps it for a later page. */
export const handOver = (): void => {
  // A browser takes a beacon that it cannot send, and says nothing; so after a failure nothing is left to it.
  const isFailing = isPaused || retryMs > firstRetryMs
  if (isFailing) sending = []
  for (;;) {
    const events = waitingWithout(sending).slice(0, maxEvents)
    if (!events[0]) return
    if (isFailing || !navigator.sendBeacon(to.endpoint, bodyOf(events))) break
    waiting = waitingWithout(events)
  }
  park()
}

/** Throws away what was not sent, and says how much it was, of nobody. */
export const discard = (): void => {
  if (waiting.length) navigator.sendBeacon(to.endpoint, JSON.stringify({ site: to.site, withheld: waiting.length }))
  waiting = []
}
