import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { useEraseVisitor } from '../../api/behaviour.ts'
import { download } from '../../api/download.ts'
import { useRights } from '../../api/rights.ts'
import { button } from '../../components/controls.ts'
import { messageOf } from '../../format.ts'
import { visitorName } from '../behaviour/visitor-name.ts'
import { ConfirmDialog } from '../settings/confirm-dialog.tsx'

/** Everything that is stored of a visitor as a file, for a person who asks for their data. */
const EverythingKnown = ({ site, visitor }: { site: string; visitor: string }) => {
  const t = useTranslations('visitor')
  const [state, setState] = useState<'ready' | 'saving' | Error>('ready')
  const save = () => {
    setState('saving')
    download(`/api/visitors/export?${new URLSearchParams({ site, visitor })}`).then(
      () => setState('ready'),
      (error: unknown) => setState(error instanceof Error ? error : new Error(messageOf(error))),
    )
  }
  return (
    <>
      <button type="button" onClick={save} disabled={state === 'saving'} title={t('exportAbout')} className={button}>
        {t('export')}
      </button>
      <span role="status" className="text-sm">
        {state === 'saving' && t('exporting')}
        {state instanceof Error && <span className="text-bad">{state.message}</span>}
      </span>
    </>
  )
}

/** What a person may ask for: what is known of them, and that it goes. For admins of the site. */
export const DataRequests = (props: { site: string; visitor: string; erasing: ReturnType<typeof useEraseVisitor> }) => {
  const { site, visitor, erasing } = props
  const t = useTranslations('visitor')
  const { mayManage } = useRights(site)
  if (!mayManage) return null
  const name = visitorName(visitor)
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3 print:hidden">
      <EverythingKnown site={site} visitor={visitor} />
      <ConfirmDialog
        trigger={t('erase')}
        title={t('eraseTitle', { name })}
        about={t('eraseAbout')}
        action={erasing.isPending ? t('erasing') : t('erase')}
        keep={t('keep')}
        work={erasing}
        given={visitor}
        typed={{ label: t('eraseName', { name }), expected: name }}
      />
    </div>
  )
}
