import type { Target } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { type ErrorOf, listIn, SelectField, TextField } from './fields.tsx'
import type { Change } from './keeping-form.tsx'

const ways = ['email', 'slack', 'json'] as const

/** Where something is sent, as it is typed. */
export type TargetDraft = { way: (typeof ways)[number]; to: string; url: string }

export const targetDraftOf = (target: Target | undefined): TargetDraft => {
  if (target?.type === 'webhook') return { way: target.format, to: '', url: target.url }
  return { way: 'email', to: target?.to.join(', ') ?? '', url: '' }
}

export const targetOf = ({ way, to, url }: TargetDraft): Target =>
  way === 'email' ? { type: 'email', to: listIn(to) } : { type: 'webhook', url: url.trim(), format: way }

/** Where it goes, for a list: who reads mail, and no more of a webhook than its host, since the rest is a secret. */
export const targetText = (target: Target): string =>
  target.type === 'email' ? target.to.join(', ') : (URL.parse(target.url)?.host ?? target.url)

export const TargetFields = <Draft extends TargetDraft>(props: {
  draft: Draft
  change: Change<TargetDraft>
  errorOf: ErrorOf
}) => {
  const { draft, change, errorOf } = props
  const t = useTranslations('settings.target')
  return (
    <>
      <SelectField
        label={t('label')}
        value={draft.way}
        onValue={(way) => change({ way })}
        options={ways.map((value) => ({ value, name: t(value) }))}
      />
      {draft.way === 'email' ? (
        <TextField
          label={t('to')}
          hint={t('toHint')}
          value={draft.to}
          onValue={(to) => change({ to })}
          error={errorOf('target')}
          isRequired
        />
      ) : (
        <TextField
          label={t('url')}
          type="url"
          value={draft.url}
          onValue={(url) => change({ url })}
          error={errorOf('target')}
          isRequired
        />
      )}
    </>
  )
}
