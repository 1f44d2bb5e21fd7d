import type { IdeaEvidence } from '@clickwatch/contract'
import clsx from 'clsx'
import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { formatCount } from '../../../format.ts'
import { formatRate } from '../rates.ts'

type Level = 'good' | 'watch' | 'none'
const icons = { good: CircleCheck, watch: CircleAlert, none: CircleDashed }
const colors: Record<Level, string> = { good: 'text-good', watch: 'text-fair', none: 'text-soft' }

const Sign = ({ level, name, value }: { level: Level; name: string; value: string }) => {
  const t = useTranslations('ideaReport.health')
  const Icon = icons[level]
  return (
    <li className="flex items-center gap-1.5" data-health={level}>
      <Icon size={15} aria-hidden className={clsx('shrink-0', colors[level])} />
      <span className="text-soft">{name}</span>
      <span className="ml-auto font-medium">{value}</span>
      {level === 'watch' && <span className="sr-only"> ({t('watch')})</span>}
    </li>
  )
}

/** Whether what was counted can be trusted: bots, late, lost, and the split between variants. */
export const Health = ({ evidence }: { evidence: IdeaEvidence }) => {
  const t = useTranslations('ideaReport.health')
  const { health, quality, sample_ratio } = evidence
  const isFlagged = (code: string): boolean => quality.some((flag) => flag.code === code)
  const level = (code: string): Level => (isFlagged(code) ? 'watch' : 'good')
  return (
    <ul className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2 lg:grid-cols-1 print:grid-cols-1">
      <Sign level={level('many_bots')} name={t('bots')} value={formatRate(health.bots_share)} />
      <Sign level={level('many_late')} name={t('late')} value={formatRate(health.late_share)} />
      <Sign level={level('many_lost')} name={t('lost')} value={formatRate(health.refused_share)} />
      {sample_ratio ? (
        <Sign
          level={sample_ratio.is_mismatch ? 'watch' : 'good'}
          name={t('ratio')}
          value={sample_ratio.is_mismatch ? t('ratioOff') : t('ratioGood')}
        />
      ) : (
        <Sign level="none" name={t('ratio')} value={t('ratioNone')} />
      )}
      {health.several_variants > 0 && (
        <Sign level={level('several_variants')} name={t('several')} value={formatCount(health.several_variants)} />
      )}
    </ul>
  )
}
