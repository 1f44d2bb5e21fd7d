import type { Advert } from '../../stream/document.ts'

/** The parameters by which ad networks name a click, the ones of paid clicks first. */
const clickIds = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'rdt_cid',
  'epik',
  'ScCid',
  'yclid',
  'fbclid',
  'mc_eid',
] as const

/** What a page's address says of the advertisement that led to it. */
export const advertOfPage = (url: string): Advert => {
  const parameters = URL.parse(url)?.searchParams
  const value = (name: string): string => parameters?.get(name)?.slice(0, 200) ?? ''
  const name = clickIds.find((each) => value(each) !== '') ?? ''
  return {
    utm_term: value('utm_term'),
    utm_content: value('utm_content'),
    click_id_name: name.toLowerCase(),
    click_id: name === '' ? '' : value(name),
  }
}
