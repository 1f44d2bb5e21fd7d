import { CircleCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'

/** Tells whoever has waited for the first event of a site that it is there. */
export const FirstEvent = ({ site, isWaiting }: { site: string; isWaiting: boolean }) => {
  const t = useTranslations('empty')
  const [waitedFor, setWaitedFor] = useState<string>()
  useEffect(() => {
    if (isWaiting) setWaitedFor(site)
  }, [isWaiting, site])
  const hasArrived = waitedFor === site && !isWaiting
  return (
    // It is there beforehand, so that what is put into it is read out.
    <div role="status" className="empty:hidden">
      {hasArrived && (
        <p className="flex items-center gap-3 rounded-xl bg-accent-soft px-5 py-3">
          <CircleCheck size={18} aria-hidden className="shrink-0 text-good" /> {t('arrived', { site })}
        </p>
      )}
    </div>
  )
}
