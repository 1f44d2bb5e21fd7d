import type { FunnelStepCount } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { Scrolling } from '../../components/scrolling.tsx'
import { formatDuration, formatExact, formatShare } from '../../format.ts'

const rate = (value: number | null) => (value === null ? '–' : formatShare(value / 100))
const time = (value: number | null) => (value === null ? '–' : formatDuration(value))

/** The same as the bars, for whoever reads numbers. */
export const Numbers = ({ steps }: { steps: FunnelStepCount[] }) => {
  const t = useTranslations('funnels.table')
  const head = 'py-1.5 pl-3 text-right font-medium'
  const cell = 'py-1.5 pl-3 text-right'
  return (
    <Scrolling label={t('caption')}>
      <table className="w-full min-w-xl text-left">
        <caption className="sr-only">{t('caption')}</caption>
        <thead className="text-xs text-soft">
          <tr>
            <th scope="col" className="py-1.5 font-medium">
              {t('step')}
            </th>
            {(['visitors', 'ofBefore', 'ofFirst', 'dropped', 'median', 'mean'] as const).map((column) => (
              <th key={column} scope="col" className={head}>
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...steps.entries()].map(([place, step]) => (
            <tr key={place} className="border-t border-line">
              <th scope="row" className="max-w-60 truncate py-1.5 font-normal">
                {place + 1}. {step.name}
              </th>
              <td className={`${cell} font-semibold`}>{formatExact(step.visitors)}</td>
              <td className={cell}>{rate(step.step_rate)}</td>
              <td className={cell}>{rate(step.total_rate)}</td>
              <td className={cell}>{step.dropped === null ? '–' : formatExact(step.dropped)}</td>
              <td className={cell}>{time(step.median_s)}</td>
              <td className={cell}>{time(step.mean_s)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}
