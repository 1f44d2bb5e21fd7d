import type { ExpectedLoss } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatCount } from '../../../format.ts'
import { formatMoney } from '../rates.ts'

const inThousand = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 })

/** What a wrong decision is expected to cost, beside what building costs; in money where that is known. */
export const Loss = ({ loss, currency }: { loss: ExpectedLoss; currency: string }) => {
  const t = useTranslations('ideaReport.loss')
  const { build_cost, leave_cost, build_rate, leave_rate, cost_to_build, break_even_visitors } = loss
  const isMoney = build_cost !== null && leave_cost !== null
  const row = (name: string, value: string, isLess: boolean) => (
    <div className="flex items-baseline gap-2">
      <dt className="text-sm text-soft">{name}</dt>
      <dd className={isLess ? 'ml-auto font-semibold' : 'ml-auto font-medium text-soft'}>{value}</dd>
    </div>
  )
  return (
    <>
      <dl className="space-y-0.5">
        {row(
          t('build'),
          isMoney ? formatMoney(build_cost, currency) : inThousand.format(build_rate * 1000),
          build_rate <= leave_rate,
        )}
        {row(
          t('leave'),
          isMoney ? formatMoney(leave_cost, currency) : inThousand.format(leave_rate * 1000),
          leave_rate <= build_rate,
        )}
        {cost_to_build !== null && row(t('costToBuild'), formatMoney(cost_to_build, currency), false)}
      </dl>
      <p className="mt-1 text-xs text-soft">
        {isMoney ? t('inMoney') : t('inVisitors')}
        {break_even_visitors !== null && ` ${t('breakEven', { visitors: formatCount(break_even_visitors) })}`}
      </p>
    </>
  )
}
