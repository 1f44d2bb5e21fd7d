import type { Filter } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useNames } from './names.ts'

/** What a filter says, in words: 'Source is Google or Bing', '(Page contains /idea and not Device is Mobile)'. */
export const useFilterText = (): ((filter: Filter, segments?: ReadonlyMap<string, string>) => string) => {
  const t = useTranslations('filter')
  const names = useNames()
  const say = (filter: Filter, segments: ReadonlyMap<string, string>, isInner: boolean): string => {
    switch (filter[0]) {
      case 'and':
      case 'or': {
        const parts = filter[1].map((each) => say(each, segments, true))
        const said = parts.join(` ${t(filter[0])} `)
        return isInner && parts.length > 1 ? `(${said})` : said
      }
      case 'not':
        return t('not', { filter: say(filter[1], segments, true) })
      case 'has_done':
        return t('hasDone', { filter: say(filter[1], segments, true) })
      case 'has_not_done':
        return t('hasNotDone', { filter: say(filter[1], segments, true) })
      default: {
        const [operator, dimension, values] = filter
        const isSegment = dimension === 'segment'
        const said = values.map((value) =>
          isSegment ? (segments.get(String(value)) ?? String(value)) : names.value(dimension, String(value)),
        )
        const name = isSegment ? t('segment') : names.dimension(dimension)
        return `${name} ${names.operator(operator)} ${said.join(` ${t('or')} `)}`
      }
    }
  }
  return (filter, segments = new Map()) => say(filter, segments, false)
}
