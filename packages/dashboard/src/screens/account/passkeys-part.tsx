import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { addPasskey, removePasskey, useOwnChange, usePasskeys } from '../../api/account.ts'
import { Skeleton } from '../../components/states.tsx'
import { formatMoment } from '../../format.ts'
import { secondary, TextField } from '../settings/fields.tsx'
import { OneForm, Part, Row } from './part.tsx'

/** Passkeys: what there is, another one, and one less. */
export const PasskeysPart = () => {
  const t = useTranslations('account')
  const { data } = usePasskeys()
  const [name, setName] = useState('')
  const adding = useOwnChange(addPasskey)
  const removing = useOwnChange(removePasskey)
  return (
    <Part title={t('passkeys.title')}>
      <p className="text-soft">{t('passkeys.about')}</p>
      {data ? (
        data.length === 0 ? (
          <p>{t('passkeys.none')}</p>
        ) : (
          <ul>
            {data.map((passkey) => {
              const called = passkey.name || t('passkeys.unnamed')
              return (
                <Row
                  key={passkey.id}
                  name={called}
                  actions={
                    <button
                      type="button"
                      aria-label={t('passkeys.removeNamed', { name: called })}
                      disabled={removing.isPending}
                      onClick={() => removing.mutate(passkey.id)}
                      className={secondary}
                    >
                      {t('remove')}
                    </button>
                  }
                >
                  {t('passkeys.added', { date: formatMoment(passkey.createdAt) })}
                </Row>
              )
            })}
          </ul>
        )
      ) : (
        <Skeleton lines={1} label={t('loading')} />
      )}
      <OneForm
        label={t('passkeys.add')}
        action={t('passkeys.add')}
        isPending={adding.isPending}
        error={adding.error ?? removing.error}
        onSubmit={() => adding.mutate(name, { onSuccess: () => setName('') })}
      >
        <TextField
          label={t('passkeys.name')}
          hint={t('passkeys.nameHint')}
          value={name}
          onValue={setName}
          maxLength={100}
          isRequired
        />
      </OneForm>
    </Part>
  )
}
