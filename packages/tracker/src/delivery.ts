import type { TrackerBatch, TrackerEvent } from '@clickwatch/contract'
import { visitorId } from './identity.ts'

/** What is to be sent: events of one session, in order. */
type Parcel = { session: string; events: TrackerEvent[] }

const gatherMs = 100
const maxEvents = 40
const firstRetryMs = 1000
const lastRetryMs = 60_000

export type Delivery = {
  /** Takes an event; `now` sends at once, for what may be the page's last word. */
  add(session: string, event: TrackerEvent, now?: boolean): void
  /** The page may end here: hands everything that is not yet on its way to the browser. */
  handOver(): void
}

/** Sends events in order and keeps what did not arrive. An event keeps its id, so one that arrives twice counts once. */
export const createDelivery = (endpoint: string, site: string | undefined): Delivery => {
  const waiting: Parcel[] = []
  let gathering = 0
  let retryMs = firstRetryMs
  let isSending = false
  let pausedUntilMs = 0

  const bodyOf = ({ session, events }: Parcel): string => {
    const batch: TrackerBatch = {
      ...(site ? { site } : {}),
      visitor_id: visitorId(),
      session_id: session,
      sent_at: Date.now(),
      screen: `${screen.width}x${screen.height}`,
      language: navigator.language || '',
      events,
    }
    return JSON.stringify(batch)
  }

  const pause = (retryAfter: string | null): void => {
    const waitMs = Math.max(Number(retryAfter) * 1000 || 0, retryMs * (0.5 + Math.random() / 2))
    retryMs = Math.min(retryMs * 2, lastRetryMs)
    pausedUntilMs = Date.now() + waitMs
    setTimeout(send, waitMs)
  }

  const send = (): void => {
    const parcel = waiting[0]
    if (!parcel || isSending || Date.now() < pausedUntilMs) return
    isSending = true
    // text/plain spares the browser a preflight; keepalive lets the request outlive the page.
    fetch(endpoint, { method: 'POST', body: bodyOf(parcel), keepalive: true }).then(
      (response) => {
        isSending = false
        // Anything else that is refused would be refused again.
        if (response.status >= 500 || response.status === 429) return pause(response.headers.get('retry-after'))
        retryMs = firstRetryMs
        const index = waiting.indexOf(parcel)
        if (index >= 0) waiting.splice(index, 1)
        send()
      },
      () => {
        isSending = false
        pause(null)
      },
    )
  }

  const flush = (): void => {
    clearTimeout(gathering)
    gathering = 0
    send()
  }

  addEventListener('online', () => {
    pausedUntilMs = 0
    send()
  })

  return {
    add(session, event, now) {
      const last = waiting[waiting.length - 1]
      const isOpen =
        last && last.session === session && last.events.length < maxEvents && !(isSending && waiting.length === 1)
      if (isOpen) last.events.push(event)
      else waiting.push({ session, events: [event] })
      if (now) flush()
      else if (!gathering) gathering = setTimeout(flush, gatherMs)
    },
    handOver() {
      clearTimeout(gathering)
      gathering = 0
      // The parcel on its way is kept alive by the browser; the others go by beacon, or stay for a page that lives on.
      const onItsWay = isSending ? 1 : 0
      while (waiting.length > onItsWay) {
        const parcel = waiting[onItsWay]
        if (!parcel || !navigator.sendBeacon(endpoint, bodyOf(parcel))) return
        waiting.splice(onItsWay, 1)
      }
    },
  }
}
