import type { TrackerEvent } from '@clickwatch/contract'
import { depthSeen, engagedMs, restart, watchAttention } from './attention.ts'
import { watchClicks } from './clicks.ts'
import { deliver, discard, handOver, openDelivery, release } from './delivery.ts'
import { listen } from './element.ts'
import { tellAbandoned, watchForms } from './forms.ts'
import { newId, nextOfVisit } from './identity.ts'
import type { Command, Commands, Options } from './options.ts'
import { watchPages } from './page.ts'
import { asksForPrivacy } from './privacy.ts'
import { closeStorage, openStorage, readItem, writeItem } from './storage.ts'
import type { Tell } from './tell.ts'
import { watchViews } from './views.ts'

/** Less attention than this is a glance that is not worth a request. */
const leastEngagedMs = 200

/** Starts tracking the page. Answers how the page commands it. */
export const start = (options: Options): Command => {
  const { identity } = options
  let viewed: Pick<TrackerEvent, 'url' | 'title'> | undefined
  let user_id: string | undefined

  openStorage()
  let isOff: unknown = readItem('ignore') || (options.signals && asksForPrivacy())
  const mayStore = !identity || identity === 'default' || readItem('consent')
  if (!mayStore) closeStorage()
  openDelivery(options)
  if (mayStore || identity !== 'consent') release()

  const tell: Tell = (type, more, now) => {
    if (!viewed || isOff) return
    const isView = type === 'page_view'
    const brought = isView && options.campaign && location.search.match(/utm_[^&|]+/g)
    // Neither form_abandon nor engagement begins a visit.
    const [session_id, seq, isNew] = nextOfVisit(!/^[ef]/.test(type), brought)
    if (isNew && !isView) {
      // Every visit begins with a page view, so one that begins on a page left open does too.
      tell('page_view', {})
      return tell(type, more, now)
    }
    // What is undefined stays out of the JSON.
    deliver(
      {
        id: newId(),
        type,
        session_id,
        user_id,
        seq,
        time: Date.now(),
        ...viewed,
        engaged_ms: engagedMs(true),
        ...more,
      } as TrackerEvent,
      now,
    )
  }
  const tellEngagement = (): void => {
    if (engagedMs() > leastEngagedMs) tell('engagement', { scroll_depth: depthSeen() })
  }
  const leave = (): void => {
    tellEngagement()
    handOver()
  }

  watchAttention((scroll_depth) => tell('scroll', { scroll_depth }))
  watchForms(tell)
  watchClicks(tell)
  const lookAnew = watchViews(tell)
  watchPages(options.hash, (url, referrer) => {
    tellAbandoned(tell)
    tellEngagement()
    viewed = { url, title: document.title }
    restart()
    tell('page_view', { referrer })
    lookAnew()
  })
  listen('pagehide', () => {
    tellAbandoned(tell)
    leave()
  })
  listen('visibilitychange', () => document.hidden && leave())

  const commands: { [Name in keyof Commands]: (...given: Commands[Name]) => void } = {
    event: (name, details) => tell('custom', { name, ...details }),
    identify: (id) => {
      user_id = id ? `${id}` : undefined
    },
    consent: (isGiven) => {
      isOff = !isGiven
      if (isGiven) {
        openStorage()
        writeItem('consent', '1')
        release()
      } else {
        closeStorage()
        discard()
      }
    },
  }
  return (command, ...given) => commands[command]?.(...given)
}
