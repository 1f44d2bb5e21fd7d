import { listen } from './element.ts'

/**
 * Calls `onView` for every page that is seen: the loaded one, once it is shown; each that a script navigates to; and one that
 * comes back from the browser's cache.
 * @param hash whether the part of the address after # names the page
 */
export const watchPages = (hash: unknown, onView: (url: string, referrer: string) => void): void => {
  let last: string
  let referrer = document.referrer

  const view = (event?: { persisted?: boolean }): void => {
    const url = hash ? location.href : location.href.replace(/#.*/, '')
    // Scripts often set the address they are at already; and a page made ahead, or opened behind another, is not seen until it
    // is shown.
    if ((url === last && !event?.persisted) || document.hidden) return
    last = url
    onView(url, referrer)
    referrer = url
  }

  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name]
    history[name] = function (this: History, ...given: Parameters<History['pushState']>) {
      original.apply(this, given)
      view()
    }
  }
  // A change of what follows # is told as popstate too.
  for (const name of ['visibilitychange', 'pageshow', 'popstate'] as const) listen(name, view as () => void)
  view()
}
