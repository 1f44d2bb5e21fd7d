import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { download } from '../../api/download.ts'
import { useRights } from '../../api/rights.ts'
import { button } from '../../components/controls.ts'
import { messageOf } from '../../format.ts'

/** Everything that is stored of a visitor as a file, for a person who asks for their data. */
export const EverythingKnown = ({ site, visitor }: { site: string; visitor: string }) => {
  const t = useTranslations('visitor')
  const { mayManage } = useRights(site)
  const [state, setState] = useState<'ready' | 'saving' | Error>('ready')
  const save = () => {
    setState('saving')
    download(`/api/visitors/export?${new URLSearchParams({ site, visitor })}`).then(
      () => setState('ready'),
      (error: unknown) => setState(error instanceof Error ? error : new Error(messageOf(error))),
    )
  }
  if (!mayManage) return null
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3 print:hidden">
      <button type="button" onClick={save} disabled={state === 'saving'} title={t('exportAbout')} className={button}>
        {t('export')}
      </button>
      <span role="status" className="text-sm">
        {state === 'saving' && t('exporting')}
        {state instanceof Error && <span className="text-bad">{state.message}</span>}
      </span>
    </div>
  )
}
