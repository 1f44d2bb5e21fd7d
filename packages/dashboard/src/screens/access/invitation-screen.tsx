import { useNavigate } from '@tanstack/react-router'
import { MailOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { acceptInvitation, useInvitation, useMe, useOwnChange } from '../../api/account.ts'
import { Door, DoorForm } from '../../components/door.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { errorsOf, TextField } from '../settings/fields.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useEntrance } from './use-entrance.ts'

/** What an invitation is to, and the account of who has none yet. @param token what the address ends with */
const InvitationScreen = ({ token }: { token: string }) => {
  const t = useTranslations('access')
  const roles = useTranslations('account.roles')
  const { data: invitation, error, refetch } = useInvitation(token)
  const { data: me } = useMe()
  const [draft, setDraft] = useState({ name: '', password: '' })
  const accepting = useOwnChange(acceptInvitation)
  const enter = useEntrance()
  const navigate = useNavigate()
  if (!invitation || !me) {
    return (
      <Door>
        <h1 className="mb-2 text-xl font-bold">{t('invitation')}</h1>
        {token === '' ? (
          <p>{t('lostInvitation')}</p>
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={4} />
        )}
      </Door>
    )
  }
  const { site, role, email, invited_by, has_account } = invitation
  // Whose account it is signs in first; nobody accepts for them.
  if (has_account && me.person?.email !== email) {
    return <SignInForm me={me} about={t('invitedAccount', { email })} onEntered={() => undefined} />
  }
  const errorOf = errorsOf(accepting.error)
  const entered = () => {
    enter()
    void navigate({ to: '/', search: site === '*' || site === 'default' ? {} : { site } })
  }
  const submit = () => accepting.mutate(has_account ? { token } : { token, ...draft }, { onSuccess: entered })
  return (
    <DoorForm
      icon={<MailOpen size={28} />}
      title={t('invitedTitle', { name: invited_by })}
      about={t('invitedAbout', { site: site === '*' ? t('allSites') : site, role: roles(role) })}
      action={t(has_account ? 'accept' : 'acceptAction')}
      isPending={accepting.isPending}
      error={accepting.error}
      onSubmit={submit}
    >
      <title>{`${t('invitedTitle', { name: invited_by })} · ClickWatch`}</title>
      {!has_account && (
        <>
          <TextField label={t('email')} type="email" autoComplete="username" value={email} onValue={() => undefined} />
          <TextField
            label={t('name')}
            autoComplete="name"
            value={draft.name}
            onValue={(name) => setDraft({ ...draft, name })}
            error={errorOf('name')}
            isRequired
          />
          <TextField
            label={t('password')}
            type="password"
            hint={t('newPasswordHint')}
            value={draft.password}
            onValue={(password) => setDraft({ ...draft, password })}
            error={errorOf('password')}
            isRequired
          />
        </>
      )}
    </DoorForm>
  )
}
export default InvitationScreen
