import { english } from './en/index.ts'

/** The same keys, in words of another language. */
type Translated<T> = { [Key in keyof T]: T[Key] extends string ? string : Translated<T[Key]> }
export type Messages = typeof english
export type Catalogue = Translated<Messages>

/** The languages beside English, each loaded only where it is read. docs/translating.md says how one is added. */
const translations: Record<string, () => Promise<Catalogue>> = {}

/** The first of the wanted languages that there is a catalogue of ('de-AT' is served by 'de'), else English. */
export const languageOf = (wanted: readonly string[], known: readonly string[]): string => {
  for (const tag of wanted) {
    const found = [tag, tag.split('-')[0] ?? tag].find((each) => each === 'en' || known.includes(each))
    if (found) return found
  }
  return 'en'
}

/** The catalogue for a reader of these languages, such as `navigator.languages`. */
export const loadCatalogue = async (wanted: readonly string[]): Promise<{ language: string; messages: Catalogue }> => {
  const language = languageOf(wanted, Object.keys(translations))
  const messages = await translations[language]?.()
  return messages ? { language, messages } : { language: 'en', messages: english }
}
