import type { Filter, Segment } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useKept } from '../../api/kept.ts'
import { type ErrorOf, SelectField } from './fields.tsx'
import type { Change } from './keeping-form.tsx'

/** The segment that filters stand for; '' where they are none, or something else. */
export const segmentOf = (filters: readonly Filter[] | undefined): string => {
  const [filter] = filters ?? []
  return filters?.length === 1 && filter?.[0] === 'is' && filter[1] === 'segment' ? String(filter[2][0]) : ''
}

/** Filters as they are kept: a segment, or, where nobody chose one, what there was. */
export const filtersOf = (segment: string, before: readonly Filter[]): { filters?: Filter[] } => {
  if (segment !== '') return { filters: [['is', 'segment', [segment]]] }
  return before.length > 0 && segmentOf(before) === '' ? { filters: [...before] } : {}
}

export const SegmentSelect = (props: {
  site: string
  draft: { segment: string }
  change: Change<{ segment: string }>
  errorOf: ErrorOf
}) => {
  const t = useTranslations('settings')
  const { data = [] } = useKept<Segment>(props.site, 'segments')
  return (
    <SelectField
      label={t('limitTo')}
      value={props.draft.segment}
      onValue={(segment) => props.change({ segment })}
      error={props.errorOf('filters')}
      options={[{ value: '', name: t('noSegment') }, ...data.map(({ id, name }) => ({ value: id, name }))]}
    />
  )
}

/** What filters say, for a list: the segment's name. */
export const useLimitText = (site: string): ((filters: readonly Filter[] | undefined) => string) => {
  const t = useTranslations('settings')
  const { data = [] } = useKept<Segment>(site, 'segments')
  return (filters) => {
    if (!filters || filters.length === 0) return t('everything')
    return data.find(({ id }) => id === segmentOf(filters))?.name ?? t('limitTo')
  }
}
