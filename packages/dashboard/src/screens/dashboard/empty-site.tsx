import { Radio } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Card } from '../../components/card.tsx'
import { TrackingSnippet } from '../../components/tracking-snippet.tsx'

const Step = ({ number, title, children }: { number: number; title: string; children: React.ReactNode }) => (
  <li className="flex gap-4">
    <span
      aria-hidden
      className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-bold text-accent"
    >
      {number}
    </span>
    <div className="min-w-0 flex-1">
      <h3 className="font-semibold">{title}</h3>
      <div className="mt-0.5 text-soft">{children}</div>
    </div>
  </li>
)

/** A site that nothing has been heard of: what to do about it. It goes away by itself. */
export const EmptySite = ({ site, scriptPath }: { site: string; scriptPath: string }) => {
  const t = useTranslations('empty')
  const demo = site === 'default' ? '/demo/' : `/demo/?site=${encodeURIComponent(site)}`
  return (
    <Card className="mx-auto max-w-2xl p-8">
      <p className="flex items-center gap-2 font-medium text-accent">
        <Radio size={18} aria-hidden className="pulse-dot" /> {t('listening')}
      </p>
      <h2 className="mt-2 text-2xl font-bold tracking-tight">{t('title', { site })}</h2>
      <p className="mt-1 text-soft">{t('about')}</p>
      <ol className="mt-6 space-y-6">
        <Step number={1} title={t('see')}>
          {t.rich('seeHow', {
            demo: (text) => (
              <a href={demo} target="_blank" rel="noopener" className="font-medium text-accent underline">
                {text}
              </a>
            ),
          })}
        </Step>
        <Step number={2} title={t('watch')}>
          {t.rich('watchHow', { code: (text) => <code>&lt;{text}&gt;</code> })}
          <TrackingSnippet site={site} scriptPath={scriptPath} />
        </Step>
        <Step number={3} title={t('fill')}>
          {t.rich('fillHow', {
            code: (text) => <code className="rounded bg-raised px-1.5 py-0.5 text-ink">{text}</code>,
          })}
        </Step>
      </ol>
    </Card>
  )
}
