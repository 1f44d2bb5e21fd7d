import type { TrackerEvent } from '@clickwatch/contract'
import { closest, describe, idOf } from './element.ts'

type Tell = (type: TrackerEvent['type'], more: Partial<TrackerEvent>, now?: boolean) => void

const clickable = 'a,button,summary,[role=button],input[type=submit],input[type=button],[data-cw-id],[data-cw-cta]'
const hoverable = '[data-cw-id],[data-cw-cta],[data-cw-hover]'
const dwellMs = 600

const watchClicks = (tell: Tell): void => {
  const onClick = (event: MouseEvent): void => {
    const element = closest(event, clickable)
    // Of the other buttons only the middle one opens a link.
    if (!element || (event.type === 'auxclick' && event.button !== 1)) return
    const position = { x: Math.round(event.pageX), y: Math.round(event.pageY) }
    // A click may leave the page.
    tell('click', { element: describe(element), position }, true)
  }
  addEventListener('click', onClick, true)
  addEventListener('auxclick', onClick, true)
}

const watchSubmits = (tell: Tell): void => {
  addEventListener(
    'submit',
    (event) => {
      const form = closest(event, 'form')
      // Which form it was, and nothing that was written into it.
      if (form) tell('submit', { element: { id: idOf(form) } }, true)
    },
    true,
  )
}

const watchHovers = (tell: Tell, isTold: WeakSet<Element>): void => {
  let dwelling = 0
  let over: Element | null = null
  addEventListener('pointerover', (event) => {
    const element = event.pointerType === 'mouse' ? closest(event, hoverable) : null
    if (element === over) return
    over = element
    clearTimeout(dwelling)
    if (!element || isTold.has(element)) return
    dwelling = setTimeout(() => {
      isTold.add(element)
      tell('hover', { element: describe(element) })
    }, dwellMs)
  })
}

/** Tells of clicks, submits and hovers; of a hover once an element. */
export const watchActions = (tell: Tell): void => {
  watchClicks(tell)
  watchSubmits(tell)
  watchHovers(tell, new WeakSet())
}
