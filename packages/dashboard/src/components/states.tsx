import { useTranslations } from 'use-intl'
import { ApiError } from '../api/client.ts'

const widths = ['92%', '69%', '81%', '58%', '88%', '63%', '76%', '54%', '84%', '66%']

/** Grey lines where text will be, ten at most. */
export const Skeleton = ({ lines, label }: { lines: number; label?: string }) => {
  const t = useTranslations('shell')
  return (
    <div role="status" aria-label={label ?? t('loading')} className="space-y-3 py-1">
      {widths.slice(0, lines).map((width) => (
        <div key={width} className="h-4 rounded bg-raised motion-safe:animate-pulse" style={{ width }} />
      ))}
    </div>
  )
}

/** What went wrong, for a person, with what support would ask for, and a way on. */
export const Failure = ({ error, onRetry }: { error: Error; onRetry: () => void }) => {
  const t = useTranslations('shell')
  return (
    <div role="alert" className="flex flex-col items-start gap-2 py-4">
      <p className="font-medium text-bad">{error.message}</p>
      {error instanceof ApiError && error.requestId && (
        <p className="text-xs text-soft">
          {t('request')} <code>{error.requestId}</code>
        </p>
      )}
      <button type="button" onClick={onRetry} className="rounded-lg border border-line px-3 py-1 hover:bg-raised">
        {t('tryAgain')}
      </button>
    </div>
  )
}

export const Nothing = ({ children }: { children: string }) => <p className="py-6 text-center text-soft">{children}</p>
