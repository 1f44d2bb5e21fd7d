import type { Dimension, FunnelAnswer } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { Scrolling } from '../../components/scrolling.tsx'
import { formatExact, formatShare } from '../../format.ts'
import { useNames } from '../../names.ts'

/** How far those of each value came. */
export const BreakdownTable = ({ by, rows }: { by: Dimension; rows: FunnelAnswer['breakdown'] }) => {
  const t = useTranslations('funnels')
  const names = useNames()
  const steps = rows[0]?.steps ?? []
  return (
    <Scrolling label={t('breakdown', { dimension: names.dimension(by) })}>
      <table className="w-full min-w-xl text-left">
        <caption className="mb-2 text-left text-base font-bold">
          {t('breakdown', { dimension: names.dimension(by) })}
        </caption>
        <thead className="text-xs text-soft">
          <tr>
            <th scope="col" className="py-1.5 font-medium">
              {names.dimension(by)}
            </th>
            {[...steps.entries()].map(([place, step]) => (
              <th
                key={place}
                scope="col"
                className="max-w-40 truncate py-1.5 pl-3 text-right font-medium"
                title={step.name}
              >
                {place + 1}. {step.name}
              </th>
            ))}
            <th scope="col" className="py-1.5 pl-3 text-right font-medium">
              {t('rate')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ value, steps: counts }) => (
            <tr key={value} data-row={value} className="border-t border-line">
              <th scope="row" className="max-w-60 truncate py-1.5 font-normal">
                {names.value(by, value)}
              </th>
              {[...counts.entries()].map(([place, count]) => (
                <td key={place} className="py-1.5 pl-3 text-right">
                  {formatExact(count.visitors)}
                </td>
              ))}
              <td className="py-1.5 pl-3 text-right font-semibold">
                {formatShare((counts.at(-1)?.total_rate ?? 0) / 100)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}
