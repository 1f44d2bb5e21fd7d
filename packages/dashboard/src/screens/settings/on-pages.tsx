import { CircleCheck, Radio } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useSites } from '../../api/queries.ts'
import { Card } from '../../components/card.tsx'
import { TrackingSnippet } from '../../components/tracking-snippet.tsx'
import { formatDay } from '../../format.ts'

/** What goes onto the pages of a site, and whether anything of them has arrived: the line changes by itself. */
export const OnPages = ({ site }: { site: string }) => {
  const t = useTranslations('settings.onPages')
  const { data } = useSites(site)
  if (!data) return null
  const traffic = data.sites.find((each) => each.site === site)
  return (
    <Card label={t('title')} className="p-5">
      <h2 className="text-base font-bold">{t('title')}</h2>
      <p className="mt-1 text-soft">{t.rich('about', { code: (text) => <code>&lt;{text}&gt;</code> })}</p>
      <TrackingSnippet site={site} scriptPath={data.script_path} />
      <p role="status" className="mt-3 flex items-center gap-2">
        {traffic ? (
          <>
            <CircleCheck size={18} aria-hidden className="shrink-0 text-good" />
            {t('arrived', { events: traffic.events, day: formatDay(traffic.latest_day) })}
          </>
        ) : (
          <>
            <Radio size={18} aria-hidden className="pulse-dot shrink-0 text-accent" /> {t('waiting')}
          </>
        )}
      </p>
    </Card>
  )
}
