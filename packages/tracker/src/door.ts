import { readItem, writeItem } from './storage.ts'

// A door page is served by the collector. Where that is at another origin than the site, the browser keeps another id there, and the visit
// would end at the door; so a link to it takes along who comes, and the door takes that over.

const mark = '#clickwatch='
const items = ['visitor', 'session'] as const

/** On the door page: goes on as who came, unless it knows the browser already. */
export const takeOver = (): void => {
  if (!location.hash.startsWith(mark) || !location.pathname.startsWith('/idea/')) return
  const brought = location.hash.slice(mark.length).split('~').map(decodeURIComponent)
  for (const [index, item] of items.entries()) if (!readItem(item) && brought[index]) writeItem(item, brought[index])
  history.replaceState(history.state, '', location.pathname + location.search)
}

/** On the site's pages: what is brought to doors at `origin`. */
export const handOver = (origin: string): void => {
  if (origin === location.origin) return
  addEventListener(
    'click',
    ({ target }) => {
      const link = (target as Element | null)?.closest?.<HTMLAnchorElement>(`a[href^="${origin}/idea/"]`)
      if (link && readItem('visitor'))
        link.hash = mark + items.map((item) => encodeURIComponent(readItem(item))).join('~')
    },
    true,
  )
}
