import { closest, describe, listen } from './element.ts'
import type { Tell } from './tell.ts'

const hoverable = '[data-cw-id],[data-cw-cta],[data-cw-hover]'
const dwellMs = 600
const seenMs = 1000
const searchMs = 500
const halfInView = 0.5

/**
 * Tells of a marked element that the mouse rests on, and of a call to action of which half was in view for a second; both once
 * an element and page.
 * @returns what to call when a page begins
 */
export const watchViews = (tell: Tell): (() => void) => {
  const hovered = new Set<Element>()
  const viewed = new Set<Element>()
  const timers = new Map<unknown, number>()

  /** Tells of an element if nothing else was said under `key` in the meantime. */
  const tellAfter = (
    told: Set<Element>,
    type: 'hover' | 'cta_seen',
    ms: number,
    key: unknown,
    element: Element | null | undefined | false,
  ): void => {
    const wait = (seen: Element): void => {
      if (document.hidden || told.has(seen)) return
      told.add(seen)
      tell(type, { element: describe(seen) })
    }
    clearTimeout(timers.get(key))
    if (element) timers.set(key, setTimeout(wait, ms, element))
  }

  listen('pointerover', (event) => {
    tellAfter(hovered, 'hover', dwellMs, '', event.pointerType === 'mouse' && closest(event, hoverable))
  })
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries)
        tellAfter(viewed, 'cta_seen', seenMs, entry.target, entry.intersectionRatio >= halfInView && entry.target)
    },
    { threshold: halfInView },
  )
  // An app puts its elements there when it likes. To observe one again changes nothing.
  setInterval(() => {
    for (const element of document.querySelectorAll('[data-cw-cta]')) observer.observe(element)
  }, searchMs)
  const lookAnew = (): void => observer.disconnect()
  // What was in view when the page was hidden is in view anew when it is shown.
  listen('visibilitychange', lookAnew)
  return () => {
    hovered.clear()
    viewed.clear()
    lookAnew()
  }
}
