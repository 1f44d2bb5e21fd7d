import type { Change, IdeaReport, Particulars, QualityFlag, Reason } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatDay } from '../../../format.ts'
import { useNames } from '../../../names.ts'
import { formatMoney } from '../rates.ts'
import { useIdeaNames } from './use-idea-names.ts'

/** What is not certain is not called so. */
const most = 0.999

/** The sentences of an idea's codes, filled with their numbers: names in place of keys, money in the site's currency. */
export const useVerdictWords = (report: IdeaReport) => {
  // The numbers come with the code, and a test fills every sentence; to check all sentences against all numbers is more than the types can.
  const say = useTranslations('ideaVerdict') as unknown as (key: string, values: Particulars) => string
  const names = useNames()
  const ideaNames = useIdeaNames(report.idea)
  const filled = (numbers: Particulars): Particulars => {
    const { variant, source, from, money, cost, probability } = numbers
    return {
      ...numbers,
      ...(typeof variant === 'string' ? { variant: ideaNames.variant(variant) } : {}),
      ...(typeof source === 'string' ? { source: names.value('visit:source', source) } : {}),
      ...(typeof from === 'string' ? { from: formatDay(from.slice(0, 10)) } : {}),
      ...(typeof money === 'number' ? { money: formatMoney(money, report.currency) } : {}),
      ...(typeof cost === 'number' ? { cost: formatMoney(cost, report.currency) } : {}),
      ...(typeof probability === 'number' ? { probability: Math.min(most, Math.max(1 - most, probability)) } : {}),
    }
  }
  const isInMoney = ({ code, numbers }: Reason): boolean =>
    (code === 'loss_of_building' || code === 'loss_of_leaving') &&
    numbers.money !== undefined &&
    numbers.cost !== undefined
  return {
    reason: (reason: Reason): string =>
      say(`${isInMoney(reason) ? 'reasonsInMoney' : 'reasons'}.${reason.code}`, filled(reason.numbers)),
    change: ({ code, numbers }: Change): string => say(`changes.${code}`, filled(numbers)),
    flag: ({ code, numbers }: QualityFlag): string => say(`quality.${code}`, filled(numbers)),
  }
}
