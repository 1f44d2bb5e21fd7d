import {
  type Dimension,
  dimensions,
  type FilterOperator,
  type Metric,
  type NamedDimension,
  propertyPrefix,
} from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatCountry, formatLanguage } from './format.ts'

export const isNamedDimension = (text: unknown): text is NamedDimension =>
  (dimensions as readonly unknown[]).includes(text)

/** The words for what is counted and what it is counted by. */
export const useNames = () => {
  const t = useTranslations('names')
  return {
    metric: (metric: Metric): string => t(`metrics.${metric}`),
    dimension: (dimension: Dimension): string =>
      isNamedDimension(dimension)
        ? t(`dimensions.${dimension}`)
        : t('property', { name: dimension.slice(propertyPrefix.length) }),
    operator: (operator: FilterOperator): string => t(`operators.${operator}`),
    /** A dimension's value as a person reads it. */
    value: (dimension: Dimension, value: string): string => {
      if (value === '') {
        if (dimension === 'visit:source' || dimension === 'visit:referrer') return t('values.direct')
        return dimension.startsWith('visit:utm') || dimension.startsWith(propertyPrefix)
          ? t('values.none')
          : t('values.unknown')
      }
      if (dimension === 'visit:country') return formatCountry(value)
      if (dimension === 'visit:language') return formatLanguage(value)
      if (dimension === 'visit:returning') {
        if (value === 'returning' || value === 'true' || value === '1') return t('values.returning')
        if (value === 'new' || value === 'false' || value === '0') return t('values.new')
      }
      if (dimension === 'visit:device' && ['desktop', 'mobile', 'tablet', 'tv'].includes(value))
        return t(`values.${value as 'desktop' | 'mobile' | 'tablet' | 'tv'}`)
      return value
    },
  }
}
export type Names = ReturnType<typeof useNames>
