import { closest, describe, listen } from './element.ts'
import type { Tell } from './tell.ts'

const clickable =
  'a,button,summary,[role=button],[type=submit],[type=button],[data-cw-id],[data-cw-cta],[data-cw-event]'
const propPrefix = 'data-cw-event-'
const rageClicks = 3
const rageMs = 500

/** Tells the event that a page named in an element's attributes: data-cw-event is its name, data-cw-event-* its props. */
export const tellMarked = (tell: Tell, element: Element | null): void => {
  const name = element?.getAttribute('data-cw-event')
  if (!name) return
  const props: Record<string, string> = {}
  for (const { name, value } of (element as Element).attributes) {
    if (name.startsWith(propPrefix)) props[name.slice(propPrefix.length)] = value
  }
  tell('custom', { name, props }, true)
}

/** Tells of clicks on what can be clicked, and of rage: three quick ones on the same, whatever it is. */
export const watchClicks = (tell: Tell): void => {
  let last: MouseEvent | undefined
  let burst: number

  const onClick = (event: MouseEvent): void => {
    // Of the other buttons only the middle one opens a link.
    if (event.button > 1) return
    const element = closest(event, clickable)
    const more = { position: { x: event.pageX, y: event.pageY }, ...(element && { element: describe(element) }) }
    if (element) {
      // A click may leave the page.
      tell('click', more, true)
      tellMarked(tell, element.closest('[data-cw-event]:not(form)'))
    }
    burst = last?.target === event.target && event.timeStamp - last.timeStamp < rageMs ? burst + 1 : 1
    last = event
    if (burst === rageClicks) tell('rage_click', more)
  }
  listen('click', onClick)
  listen('auxclick', onClick)
}
