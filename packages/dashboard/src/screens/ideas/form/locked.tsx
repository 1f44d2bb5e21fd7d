import type { LockedField } from '@clickwatch/contract'
import { Lock } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { AreaField, type ErrorOf } from '../../settings/fields.tsx'

/** Says of a step that it is locked, and since when. */
export const LockedNote = ({ since }: { since: string }) => {
  const t = useTranslations('ideaForm')
  return (
    <p className="mb-4 flex gap-2 rounded-xl bg-raised px-4 py-2.5 text-sm">
      <Lock size={16} aria-hidden className="mt-0.5 shrink-0 text-fair" />
      <span>{t('locked', { since })}</span>
    </p>
  )
}

/** A change of what is locked says what it costs, and asks why. */
export const WhyChanged = (props: {
  changed: readonly LockedField[]
  why: string
  onWhy: (why: string) => void
  errorOf: ErrorOf
}) => {
  const t = useTranslations('ideaForm')
  const names = useTranslations('ideas.fields')
  return (
    <fieldset className="mt-5 rounded-xl border border-fair p-4" aria-label={t('newCount')}>
      <p className="flex gap-2 font-medium">
        <Lock size={17} aria-hidden className="mt-0.5 shrink-0 text-fair" />
        {t('newCount')}
      </p>
      <p className="mt-1 mb-3 text-sm text-soft">
        {t('newCountAbout', { fields: props.changed.map((field) => names(field)).join(', ') })}
      </p>
      <AreaField
        label={t('why')}
        rows={2}
        value={props.why}
        onValue={props.onWhy}
        error={props.errorOf('why')}
        placeholder={t('whyPlaceholder')}
      />
    </fieldset>
  )
}
