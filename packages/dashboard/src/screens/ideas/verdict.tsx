import type { IdeaStatus, Verdict } from '@clickwatch/contract'
import clsx from 'clsx'
import { Hammer, Hourglass, type LucideIcon, OctagonX, Wrench } from 'lucide-react'
import { useTranslations } from 'use-intl'

export const verdictIcons: Record<Verdict, LucideIcon> = {
  build: Hammer,
  keep_testing: Hourglass,
  stop: OctagonX,
  fix_test: Wrench,
}
export const verdictColors: Record<Verdict, string> = {
  build: 'text-good',
  keep_testing: 'text-accent',
  stop: 'text-bad',
  fix_test: 'text-fair',
}

export const VerdictBadge = ({ verdict }: { verdict: Verdict }) => {
  const t = useTranslations('ideaVerdict.verdicts')
  const Icon = verdictIcons[verdict]
  return (
    <span
      data-verdict={verdict}
      className={clsx('inline-flex items-center gap-1.5 font-semibold whitespace-nowrap', verdictColors[verdict])}
    >
      <Icon size={16} aria-hidden /> {t(verdict)}
    </span>
  )
}

const dots: Record<IdeaStatus, string> = { waiting: 'bg-fair', running: 'bg-good', decided: 'bg-soft' }

export const StatusBadge = ({ status }: { status: IdeaStatus }) => {
  const t = useTranslations('ideas.status')
  return (
    <span
      data-status={status}
      className="inline-flex items-center gap-1.5 rounded-full bg-raised px-2 py-0.5 text-xs font-medium whitespace-nowrap"
    >
      <span aria-hidden className={clsx('size-2 rounded-full', dots[status], status === 'running' && 'pulse-dot')} />
      {t(status)}
    </span>
  )
}
