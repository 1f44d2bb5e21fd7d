import { useTranslations } from 'use-intl'
import { AreaField, CheckField, TextField } from '../../settings/fields.tsx'
import type { StepProps } from './step-props.ts'

/** The honest page for those who walk through the door, with how it reads beside it. */
export const StepDoor = ({ site, draft, change, errorOf }: StepProps) => {
  const t = useTranslations('ideaForm')
  return (
    <div className="space-y-5">
      <CheckField
        label={t('hasDoor')}
        hint={t('hasDoorHint', { path: `/idea/${site}/${draft.key || '…'}` })}
        value={draft.hasDoor}
        onValue={(hasDoor) => change({ hasDoor })}
      />
      {draft.hasDoor && (
        <div className="grid gap-6 md:grid-cols-2">
          <div className="space-y-4">
            <TextField
              label={t('doorTitle')}
              value={draft.doorTitle}
              maxLength={200}
              onValue={(doorTitle) => change({ doorTitle })}
              error={errorOf('door/title')}
              isRequired
            />
            <AreaField
              label={t('doorText')}
              rows={5}
              value={draft.doorText}
              onValue={(doorText) => change({ doorText })}
              error={errorOf('door/text')}
            />
            <CheckField
              label={t('asksAddress')}
              hint={t('asksAddressHint')}
              value={draft.asksAddress}
              onValue={(asksAddress) => change({ asksAddress })}
            />
          </div>
          <figure className="min-w-0">
            <figcaption className="mb-1 text-sm font-medium text-soft">{t('preview')}</figcaption>
            <div className="rounded-xl border border-line bg-paper p-6">
              <p className="text-lg font-bold wrap-anywhere">{draft.doorTitle}</p>
              <p className="mt-2 whitespace-pre-line wrap-anywhere text-soft">{draft.doorText}</p>
              {draft.asksAddress && (
                <div aria-hidden className="mt-4">
                  <p className="font-semibold">{draft.doorMore.labels?.address ?? t('previewAddress')}</p>
                  <p className="mt-1 h-9 rounded-lg border border-line bg-card" />
                  <p className="mt-3 inline-block rounded-lg bg-accent px-3 py-2 font-semibold text-on-accent">
                    {draft.doorMore.labels?.send ?? t('previewSend')}
                  </p>
                  <p className="mt-3 text-xs text-soft">{draft.doorMore.labels?.promise ?? t('previewPromise')}</p>
                </div>
              )}
            </div>
          </figure>
        </div>
      )}
    </div>
  )
}
