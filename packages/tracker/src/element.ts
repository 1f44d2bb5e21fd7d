import type { TrackerEvent } from '@clickwatch/contract'

const maxText = 100

export const clip = (text: string, maxLength: number): string => text.slice(0, maxLength)

/** The name an element goes by: what its page marked it with, its id, or its name. */
export const idOf = (element: Element): string =>
  clip(element.getAttribute('data-cw-id') || element.id || element.getAttribute('name') || '', 200)

/** What a visitor read on an element; nothing that could have been typed. */
const textOf = (element: Element): string =>
  element instanceof HTMLElement && element.isContentEditable
    ? ''
    : clip((element.textContent ?? '').replace(/\s+/g, ' ').trim(), maxText)

/** An element as an event tells of it. */
export const describe = (element: Element): NonNullable<TrackerEvent['element']> => {
  const id = idOf(element)
  const text = textOf(element)
  const href = element instanceof HTMLAnchorElement ? clip(element.href, 2048) : ''
  return {
    ...(id ? { id } : {}),
    ...(text ? { text } : {}),
    ...(href ? { href } : {}),
    ...(element.closest('[data-cw-cta]') ? { cta: true } : {}),
  }
}

/** The nearest element around an event's target that matches. */
export const closest = (event: Event, selector: string): Element | null =>
  event.target instanceof Element ? event.target.closest(selector) : null
