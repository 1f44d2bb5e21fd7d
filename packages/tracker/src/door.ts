import { isStoring, readItem, writeItem } from './storage.ts'

// A door page is served by the collector. Where that is at another origin than the site, the browser keeps another id there, and the visit
// would end at the door; so a link to it takes along who comes, and the door takes that over.

const mark = '#clickwatch='
// A UUID; the last of its groups is as long as another and eight digits.
const id = '([\\da-f]{8}(-[\\da-f]{4}){4}[\\da-f]{8})'

/** On the door page: goes on as who came, unless it knows the browser already, or may keep nothing. */
export const takeOver = (): void => {
  const { hash, pathname, search } = location
  if (!hash.startsWith(mark) || !pathname.startsWith('/idea/')) return
  history.replaceState(history.state, '', pathname + search)
  // Anybody can make such a link: what is no id is nobody's.
  const [, visitor, , , session, , number] = hash.match(`^${mark}${id}~(${id}~(\\d{1,6}))?$`) || []
  if (!isStoring() || !visitor || readItem('visitor')) return
  writeItem('visitor', visitor)
  if (session) writeItem('session', [session, Date.now(), number].join('|'))
}

/** On the site's pages: what is brought to doors at `origin`. */
export const handOver = (origin: string): void => {
  if (origin === location.origin) return
  addEventListener(
    'click',
    ({ target }) => {
      const link = (target as Element | null)?.closest?.<HTMLAnchorElement>(`a[href^="${origin}/idea/"]`)
      const visitor = isStoring() && readItem('visitor')
      if (!link || !visitor) return
      const { hash } = link
      const [session, , number] = readItem('session').split('|')
      link.hash = `${mark}${visitor}~${session && `${session}~${number}`}`
      // Whoever copies the link, or passes the page on, passes on nobody.
      setTimeout(() => {
        link.hash = hash
      })
    },
    true,
  )
}
