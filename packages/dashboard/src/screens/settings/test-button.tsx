import { useTranslations } from 'use-intl'
import { useTest } from '../../api/kept.ts'
import { secondary } from './fields.tsx'

/** Sends what would be sent, now, and says what became of it. */
export const TestButton = (props: { site: string; noun: 'reports' | 'alerts'; id: string; name: string }) => {
  const { site, noun, id, name } = props
  const t = useTranslations('settings')
  const test = useTest(site, noun)
  return (
    <>
      <span role="status" className="text-sm empty:sr-only">
        {test.isSuccess && <span className="text-good">{t('tested')}</span>}
        {test.error && <span className="text-bad">{test.error.message}</span>}
      </span>
      <button
        type="button"
        aria-label={t('testNamed', { name })}
        disabled={test.isPending}
        onClick={() => test.mutate(id)}
        className={secondary}
      >
        {test.isPending ? t('testing') : t('test')}
      </button>
    </>
  )
}

/** What went wrong the last time; nothing where it went well. */
export const LastError = ({ reason }: { reason: string | null }) => {
  const t = useTranslations('settings')
  return reason === null ? null : (
    <p role="status" className="text-bad">
      {t('lastError', { reason })}
    </p>
  )
}
