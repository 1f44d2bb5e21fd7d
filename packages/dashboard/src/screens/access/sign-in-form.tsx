import type { Me } from '@clickwatch/contract'
import { Fingerprint, LogIn } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { wasRefusedElsewhere } from '../../api/access.ts'
import { signIn, signInByPasskey, signInElsewhere, useOwnChange } from '../../api/account.ts'
import { DoorForm, otherWay } from '../../components/door.tsx'
import { errorsOf, TextField } from '../settings/fields.tsx'
import { SecondFactorForm } from './second-factor-form.tsx'

/** Signs in with address and password, a passkey, or by the identity provider. */
export const SignInForm = (props: {
  me: Me
  about?: string
  onKey?: () => void
  onLost?: () => void
  onEntered: () => void
}) => {
  const { me, about, onKey, onLost, onEntered } = props
  const t = useTranslations('access')
  const [draft, setDraft] = useState({ email: '', password: '' })
  const [isHalfway, setIsHalfway] = useState(false)
  const signing = useOwnChange(signIn)
  const byPasskey = useOwnChange(signInByPasskey)
  const elsewhere = useOwnChange(signInElsewhere)
  if (isHalfway) return <SecondFactorForm onBack={() => setIsHalfway(false)} onEntered={onEntered} />
  const errorOf = errorsOf(signing.error)
  const submit = () =>
    signing.mutate(draft, {
      onSuccess: ({ twoFactorRedirect }) => (twoFactorRedirect ? setIsHalfway(true) : onEntered()),
    })
  return (
    <DoorForm
      icon={<LogIn size={28} />}
      title={t('signIn')}
      about={about ?? t('signInAbout')}
      action={t('signIn')}
      isPending={signing.isPending}
      error={
        signing.error ??
        byPasskey.error ??
        elsewhere.error ??
        (wasRefusedElsewhere ? new Error(t('refused')) : undefined)
      }
      onSubmit={submit}
      below={
        <>
          {'PublicKeyCredential' in window && (
            <button
              type="button"
              onClick={() => byPasskey.mutate(undefined, { onSuccess: onEntered })}
              className={otherWay}
            >
              <Fingerprint size={16} aria-hidden className="mr-1.5 inline align-[-3px]" />
              {t('byPasskey')}
            </button>
          )}
          {me.single_sign_on !== null && (
            <button type="button" onClick={() => elsewhere.mutate(undefined)} className={otherWay}>
              {t('elsewhere', { name: me.single_sign_on })}
            </button>
          )}
          {onLost && (
            <button type="button" onClick={onLost} className={otherWay}>
              {t('forgotten')}
            </button>
          )}
          {onKey && (
            <button type="button" onClick={onKey} className={otherWay}>
              {t('byKey')}
            </button>
          )}
        </>
      }
    >
      <TextField
        label={t('email')}
        type="email"
        autoComplete="username"
        value={draft.email}
        onValue={(email) => setDraft({ ...draft, email })}
        error={errorOf('email')}
        isRequired
      />
      <TextField
        label={t('password')}
        type="password"
        autoComplete="current-password"
        value={draft.password}
        onValue={(password) => setDraft({ ...draft, password })}
        error={errorOf('password')}
        isRequired
      />
    </DoorForm>
  )
}
