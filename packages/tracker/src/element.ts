import type { TrackerEvent } from '@clickwatch/contract'

/** The name an element goes by: what its page marked it with, its id, or its name. */
export const idOf = (element: Element): string =>
  element.getAttribute('data-cw-id') || element.id || element.getAttribute('name') || ''

/** An element as an event tells of it. The collector finds out from the address what kind of link it is. */
export const describe = (element: Element): NonNullable<TrackerEvent['element']> => {
  const link = element.closest('a')
  const shown = element as HTMLElement
  return {
    id: idOf(element),
    // What a visitor read on it; nothing that could have been typed.
    text: shown.isContentEditable ? '' : shown.innerText?.slice(0, 100),
    cta: !!element.closest('[data-cw-cta]'),
    // What is undefined stays out of the JSON.
    href: link?.href,
    link: link?.hasAttribute('download') ? 'download' : undefined,
  } as NonNullable<TrackerEvent['element']>
}

/** The nearest element around an event's target that matches. */
export const closest = (event: Event, selector: string): Element | null | undefined =>
  (event.target as Element).closest?.(selector)

/** Listens before the page's own handlers, which might stop the event. */
export const listen = <Name extends keyof WindowEventMap | keyof DocumentEventMap>(
  name: Name,
  handle: (event: (WindowEventMap & DocumentEventMap)[Name]) => void,
): void => addEventListener(name, handle as EventListener, true)
