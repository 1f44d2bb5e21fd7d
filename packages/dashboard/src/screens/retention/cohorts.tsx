import type { RetentionAnswer } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { Scrolling } from '../../components/scrolling.tsx'
import { formatBucket, formatCount, formatExact, formatShare } from '../../format.ts'
import type { Period } from './retention-search.ts'

// Ink stays readable on the strongest shade in both themes. Roots, since most shares are small.
const strongest = 50
const shade = (share: number) =>
  `color-mix(in srgb, var(--accent) ${Math.round(strongest * Math.sqrt(Math.min(1, share)))}%, var(--card))`

/** A row a cohort, a column a period after its first: the stronger the shade, the more came again. */
export const Cohorts = (props: { answer: RetentionAnswer; period: Period; unit: 'share' | 'count' }) => {
  const t = useTranslations('retention')
  const { cohorts, curve } = props.answer
  const columns = Math.max(0, ...cohorts.map(({ visitors }) => visitors.length))
  const numbers = Array.from({ length: columns }, (_, n) => n)
  return (
    <Scrolling label={t('table')}>
      <table className="border-separate border-spacing-0.5 text-right text-xs print:[print-color-adjust:exact]">
        <caption className="sr-only">{t('table')}</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="sticky left-0 bg-card px-2 py-1 text-left font-medium">
              {t('cohort')}
            </th>
            <th scope="col" className="px-2 py-1 font-medium">
              {t('size')}
            </th>
            {numbers.map((n) => (
              <th key={n} scope="col" className="px-2 py-1 font-medium whitespace-nowrap">
                {t(`after.${props.period}`, { n })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row" className="sticky left-0 bg-card px-2 py-1.5 text-left font-semibold whitespace-nowrap">
              {t('average')}
            </th>
            <td className="px-2 py-1.5 font-semibold">
              {formatCount(cohorts.reduce((sum, { size }) => sum + size, 0))}
            </td>
            {numbers.map((n) => {
              const share = curve[n]
              return (
                <td key={n} className="rounded px-2 py-1.5 font-semibold">
                  {share === null || share === undefined ? '' : formatShare(share / 100)}
                </td>
              )
            })}
          </tr>
          {cohorts.map(({ period, size, visitors }) => (
            <tr key={period} data-cohort={period}>
              <th scope="row" className="sticky left-0 bg-card px-2 py-1.5 text-left font-normal whitespace-nowrap">
                {formatBucket(period.length === 7 ? `${period}-01` : period, `time:${props.period}`)}
              </th>
              <td className="px-2 py-1.5 text-soft">{formatCount(size)}</td>
              {numbers.map((n) => {
                const count = visitors[n]
                if (count === undefined) return <td key={n} />
                if (size === 0)
                  return (
                    <td key={n} className="px-2 py-1.5 text-soft">
                      –
                    </td>
                  )
                const share = count / size
                return (
                  <td
                    key={n}
                    data-count={count}
                    title={t('cell', { share: formatShare(share), size: formatExact(size), count: formatExact(count) })}
                    className="min-w-14 rounded px-2 py-1.5"
                    style={{ background: shade(share) }}
                  >
                    {props.unit === 'count' ? formatExact(count) : formatShare(share)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}
