import { useTranslations } from 'use-intl'

/** A value of the reference's data as it is read, with a word where there is none. */
export const useShown = (): ((value: string) => string) => {
  const t = useTranslations('report')
  return (value) => (value === '' ? t('blank') : value)
}
