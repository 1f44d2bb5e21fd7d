import type { Dimension, Filter } from '@clickwatch/contract'
import { useStats } from '../../api/queries.ts'
import type { View } from '../../view.ts'

const most = 200

/** The values of a dimension that most visitors had in the view's range, for fields that suggest them. */
export const useValues = (view: View, dimension: Dimension, only?: Filter): string[] => {
  const { data } = useStats({
    site_id: view.site,
    date_range: view.range,
    metrics: ['visitors'],
    dimensions: [dimension],
    filters: only ? [only] : [],
    pagination: { limit: most },
  })
  return (data?.results ?? []).map(({ dimensions }) => dimensions[0] ?? '').filter((value) => value !== '')
}
