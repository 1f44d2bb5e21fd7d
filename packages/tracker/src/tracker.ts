import type { TrackerEvent } from '@clickwatch/contract'
import { watchActions } from './actions.ts'
import { watchAttention } from './attention.ts'
import { createDelivery } from './delivery.ts'
import { clip, idOf } from './element.ts'
import { newId, sessionId } from './identity.ts'
import { watchPages } from './page.ts'
import { readItem } from './storage.ts'

type Command = (command: 'event', name: string) => void
type ClickWatchWindow = Window & { clickwatch?: Command }

/** Less attention than this is a glance that is not worth a request. */
const leastEngagedMs = 1000

/** Starts tracking, as the script tag's attributes say: data-site, and data-endpoint where events do not go where the script came from. */
const start = (script: HTMLScriptElement): void => {
  const endpoint = script.dataset.endpoint || new URL('/e', script.src).href
  const delivery = createDelivery(endpoint, script.dataset.site)
  let viewed: Pick<TrackerEvent, 'url' | 'title'> | undefined
  let depthTold = 0

  const pageNow = () => ({ url: clip(location.href, 2048), title: clip(document.title, 500) })

  const tell = (type: TrackerEvent['type'], more: Partial<TrackerEvent>, now?: boolean): void => {
    if (!viewed) return
    const { id: session, isNew } = sessionId(type !== 'engagement')
    // Every visit begins with a page view, so one that begins on a page left open does too.
    if (isNew && type !== 'page_view') tell('page_view', {})
    const timeMs = Date.now()
    delivery.add(session, { id: newId(timeMs), type, time: timeMs, ...viewed, ...more }, now)
  }

  const attention = watchAttention((depth) => {
    const section = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('section[id],[data-cw-id]')
    tell('scroll', { scroll_depth: depth, ...(section ? { element: { id: idOf(section) } } : {}) })
  })

  const tellEngagement = (): void => {
    const engagedMs = attention.takeEngagedMs()
    const depth = attention.depth()
    if (engagedMs < leastEngagedMs && depth <= depthTold) return
    depthTold = depth
    tell('engagement', { engaged_ms: engagedMs, scroll_depth: depth })
  }
  const leave = (): void => {
    tellEngagement()
    delivery.handOver()
  }

  watchPages((referrer) => {
    if (viewed) tellEngagement()
    viewed = pageNow()
    depthTold = 0
    attention.restart()
    tell('page_view', referrer ? { referrer: clip(referrer, 2048) } : {})
  })
  watchActions(tell)
  addEventListener('pagehide', leave)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave()
  })
  ;(window as ClickWatchWindow).clickwatch = (command, name) => {
    if (command === 'event') tell('custom', { name: clip(String(name), 100) })
  }
}

const script = document.currentScript
const isOff = readItem('clickwatch.ignore') === 'true' || (window as ClickWatchWindow).clickwatch !== undefined
if (script instanceof HTMLScriptElement && !isOff) start(script)
