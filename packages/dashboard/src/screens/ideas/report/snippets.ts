import type { Idea } from '@clickwatch/contract'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/**
 * The tracker's tag for a site's pages. Before it, where there are variants, what assigns them before a page is painted; it also takes
 * visitors along to a door, whose address may be of another origin, so that they are the same there.
 */
export const tagsOf = (script: string, site: string, { variants, door }: Pick<Idea, 'variants' | 'door'>): string => {
  const attribute = site === 'default' ? '' : ` data-site="${escaped(site)}"`
  const search = site === 'default' ? '' : `?site=${encodeURIComponent(site)}`
  const tracker = `<script defer src="${escaped(script)}"${attribute}></script>`
  const ideas = `${script.replace(/\.js$/, '')}.ideas.js`
  return variants || door ? `<script src="${escaped(ideas + search)}"></script>\n${tracker}` : tracker
}

export const doorOf = (origin: string, site: string, { key }: Pick<Idea, 'key'>): string =>
  `${origin}/idea/${encodeURIComponent(site)}/${encodeURIComponent(key)}`

/** The element that rungs speak of, as it stands on a page; undefined where none is spoken of. */
export const elementOf = ({ ladder }: Pick<Idea, 'ladder'>): string | undefined =>
  ladder.map(({ rule }) => (rule.type === 'element' ? rule.element : undefined)).find((each) => each !== undefined)

/** A button as it could be pasted. */
export const buttonOf = (name: string, element: string, href: string | undefined): string =>
  href === undefined
    ? `<button data-cw-cta data-cw-id="${escaped(element)}">${escaped(name)}</button>`
    : `<a data-cw-cta data-cw-id="${escaped(element)}" href="${escaped(href)}">${escaped(name)}</a>`
