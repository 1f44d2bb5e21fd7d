/**
 * Calls `onView` for every page that is seen: the loaded one, once it is shown; each that a script navigates to; and one that
 * comes back from the browser's cache.
 */
export const watchPages = (onView: (referrer: string) => void): void => {
  let last = ''
  let lastHref = document.referrer

  const view = (isReturn: boolean): void => {
    const page = location.pathname + location.search
    // Scripts often set the address they are at already.
    if (page === last && !isReturn) return
    last = page
    onView(lastHref)
    lastHref = location.href
  }

  const whenShown = (): void => {
    if (document.visibilityState === 'visible') {
      view(false)
      return
    }
    // A page made ahead, or opened behind another, is not seen until it is shown.
    document.addEventListener('visibilitychange', function shown() {
      if (document.visibilityState !== 'visible') return
      document.removeEventListener('visibilitychange', shown)
      view(false)
    })
  }

  const follow = (name: 'pushState' | 'replaceState'): void => {
    const original = history[name]
    history[name] = function (this: History, ...given: Parameters<History['pushState']>) {
      original.apply(this, given)
      if (last) view(false)
    }
  }
  follow('pushState')
  follow('replaceState')
  addEventListener('popstate', () => view(false))
  addEventListener('pageshow', (event) => {
    if (event.persisted) view(true)
  })
  whenShown()
}
