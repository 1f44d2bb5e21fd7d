import type { IdeaReport } from '@clickwatch/contract'
import clsx from 'clsx'
import { CircleAlert, OctagonX } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Section } from './section.tsx'
import { useVerdictWords } from './use-verdict-words.ts'

/** Where the numbers bear no conclusion, or bear it less well: which, and why. */
export const Flags = ({ report }: { report: IdeaReport }) => {
  const t = useTranslations('ideaReport.flags')
  const words = useVerdictWords(report)
  const { quality } = report.evidence
  if (quality.length === 0) return null
  return (
    <Section title={t('title')} about={t('about')}>
      <ul className="space-y-2">
        {quality.map((flag) => {
          const isBlocking = flag.weight === 'blocks'
          const Icon = isBlocking ? OctagonX : CircleAlert
          return (
            <li key={flag.code} data-flag={flag.code} className="flex gap-2.5">
              <Icon size={18} aria-hidden className={clsx('mt-0.5 shrink-0', isBlocking ? 'text-bad' : 'text-fair')} />
              <p>
                <span className={clsx('font-semibold', isBlocking ? 'text-bad' : 'text-fair')}>
                  {isBlocking ? t('blocks') : t('warns')}
                </span>{' '}
                {words.flag(flag)}
              </p>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
