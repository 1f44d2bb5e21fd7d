import type { Advert } from '../../stream/document.ts'
import { networks } from './places.ts'

const maxValue = 200
/** Parameters, in small letters, by which ad networks name a click. */
export const clickIdNames = Object.keys(networks)

/** What a page's address says of the advertisement that led to it. Parameters are known in any case: Snapchat writes ScCid. */
export const advertOfPage = (page: URL | null): Advert => {
  const values = new Map<string, string>()
  for (const [name, value] of page?.searchParams ?? []) values.set(name.toLowerCase(), value.slice(0, maxValue))
  const value = (name: string): string => values.get(name) ?? ''
  const name = clickIdNames.find((each) => value(each) !== '') ?? ''
  return { utm_term: value('utm_term'), utm_content: value('utm_content'), click_id_name: name, click_id: value(name) }
}
