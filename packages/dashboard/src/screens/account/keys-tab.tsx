import { everySite, type Key, type KeyScope, keyScopes } from '@clickwatch/contract'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { makeKey, takeKeyBack, useKeys, usePeopleChange } from '../../api/account.ts'
import { useSites } from '../../api/queries.ts'
import { Failure, Skeleton } from '../../components/states.tsx'
import { formatMoment } from '../../format.ts'
import { CopyButton } from '../settings/copy-button.tsx'
import { CheckField, errorsOf, SelectField, secondary, TextField } from '../settings/fields.tsx'
import { OneForm, Part, Row } from './part.tsx'

const NewKeyForm = ({ site }: { site: string }) => {
  const t = useTranslations('account')
  const { data: known } = useSites(site)
  const none = { name: '', site, scopes: ['read'] as KeyScope[], expires_at: '' }
  const [draft, setDraft] = useState(none)
  const making = usePeopleChange(makeKey)
  const errorOf = errorsOf(making.error)
  const sites = [...new Set([site, ...(known?.sites.map((each) => each.site) ?? []), everySite])]
  const submit = () => {
    const { expires_at, ...rest } = draft
    making.mutate(expires_at ? { ...rest, expires_at } : rest, { onSuccess: () => setDraft(none) })
  }
  const may = (scope: KeyScope, isOn: boolean) =>
    setDraft({ ...draft, scopes: keyScopes.filter((each) => (each === scope ? isOn : draft.scopes.includes(each))) })
  return (
    <Part title={t('keys.new')}>
      <OneForm
        label={t('keys.new')}
        action={t('keys.new')}
        isPending={making.isPending}
        error={making.error}
        onSubmit={submit}
      >
        <TextField
          label={t('keys.name')}
          value={draft.name}
          onValue={(name) => setDraft({ ...draft, name })}
          error={errorOf('name')}
          maxLength={120}
          isRequired
        />
        <SelectField
          label={t('keys.site')}
          value={draft.site}
          onValue={(next) => setDraft({ ...draft, site: next })}
          error={errorOf('site')}
          options={sites.map((value) => ({ value, name: value === everySite ? t('allSites') : value }))}
        />
        <fieldset className="space-y-1">
          <legend className="font-medium">{t('keys.scopes')}</legend>
          {keyScopes.map((scope) => (
            <CheckField
              key={scope}
              label={t(`keys.scope.${scope}`)}
              value={draft.scopes.includes(scope)}
              onValue={(isOn) => may(scope, isOn)}
            />
          ))}
          {errorOf('scopes') && (
            <p role="alert" data-field-error className="text-sm text-bad">
              {errorOf('scopes')}
            </p>
          )}
        </fieldset>
        <TextField
          label={t('keys.expires')}
          hint={t('keys.expiresHint')}
          type="date"
          value={draft.expires_at}
          onValue={(expires_at) => setDraft({ ...draft, expires_at })}
          error={errorOf('expires_at')}
        />
      </OneForm>
      {making.data && (
        <div role="status" className="space-y-2 rounded-lg bg-raised p-3">
          <p>{t('keys.made')}</p>
          <div className="flex flex-wrap items-center gap-2">
            <code data-key className="min-w-0 flex-1 text-xs wrap-anywhere">
              {making.data.key}
            </code>
            <CopyButton text={making.data.key} label={t('keys.copy')} name={t('keys.copyNamed')} />
          </div>
        </div>
      )}
    </Part>
  )
}

const KeyRow = ({ known }: { known: Key }) => {
  const t = useTranslations('account')
  const taking = usePeopleChange(takeKeyBack)
  const { id, name, prefix, site, scopes, expires_at, last_used_at } = known
  const facts = [
    `${prefix}…`,
    site === everySite ? t('allSites') : site,
    scopes.map((scope) => t(`keys.scope.${scope}`)).join(', '),
    expires_at === null ? t('keys.forever') : t('keys.until', { date: expires_at }),
    last_used_at === null ? t('keys.unused') : t('keys.used', { date: formatMoment(last_used_at) }),
  ]
  return (
    <Row
      name={name}
      actions={
        <button
          type="button"
          aria-label={t('keys.takeBackNamed', { name })}
          disabled={taking.isPending}
          onClick={() => taking.mutate(id)}
          className={secondary}
        >
          {t('keys.takeBack')}
        </button>
      }
    >
      {facts.join(' · ')}
      {taking.error && (
        <p role="alert" className="text-bad">
          {taking.error.message}
        </p>
      )}
    </Row>
  )
}

/** Keys for programs: what there is, another one, and one less. */
export const KeysTab = ({ site }: { site: string }) => {
  const t = useTranslations('account')
  const { data, error, refetch } = useKeys()
  return (
    <div className="space-y-4">
      <p className="text-soft">{t('keys.about')}</p>
      <Part title={t('tabs.keys')}>
        {data ? (
          data.keys.length === 0 ? (
            <p className="text-soft">{t('keys.empty')}</p>
          ) : (
            <ul>
              {data.keys.map((known) => (
                <KeyRow key={known.id} known={known} />
              ))}
            </ul>
          )
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={3} label={t('loading')} />
        )}
      </Part>
      <NewKeyForm site={site} />
    </div>
  )
}
