import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Puts a text that a command makes into a page, between `<!-- mark -->` and `<!-- /word -->`, where word is the first one of the mark.
 * @throws where the page has no such place
 */
export const writeBetween = (path: string, mark: string, text: string): void => {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${/^\w+/.exec(mark)?.[0]} -->`]
  const [before, rest = ''] = readFileSync(path, 'utf8').split(begin)
  const after = rest.split(end)[1]
  if (after === undefined) throw new Error(`${basename(path)} lacks the marks ${begin} and ${end}`)
  writeFileSync(path, `${before}${begin}\n\n${text}\n\n${end}${after}`)
}
