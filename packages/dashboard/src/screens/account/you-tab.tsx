import { everySite, type Me } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { changePassword, rename, signOut, useOwnChange } from '../../api/account.ts'
import { storeKey } from '../../api/client.ts'
import { useExit } from '../access/use-entrance.ts'
import { errorsOf, primary, secondary, TextField } from '../settings/fields.tsx'
import { OneForm, Part } from './part.tsx'
import { PasskeysPart } from './passkeys-part.tsx'
import { SecondFactorPart } from './second-factor-part.tsx'
import { SessionsPart } from './sessions-part.tsx'

type Person = NonNullable<Me['person']>

const Rights = ({ may }: Me) => {
  const t = useTranslations('account')
  return (
    <Part title={t('you.may')}>
      <ul className="space-y-1">
        {Object.entries(may).map(([site, scopes]) => (
          <li key={site}>
            {t('you.mayRow', {
              site: site === everySite ? t('allSites') : site,
              scopes: scopes.map((scope) => t(`you.scopes.${scope}`)).join(', '),
            })}
          </li>
        ))}
      </ul>
    </Part>
  )
}

const Profile = ({ person }: { person: Person }) => {
  const t = useTranslations('account')
  const [name, setName] = useState(person.name)
  const renaming = useOwnChange(rename)
  const leaving = useOwnChange(signOut)
  const exit = useExit()
  return (
    <Part title={t('you.profile')}>
      <p className="text-soft">{person.email}</p>
      <OneForm
        label={t('you.profile')}
        action={t('save')}
        isPending={renaming.isPending}
        error={renaming.error}
        done={renaming.isSuccess ? t('saved') : undefined}
        onSubmit={() => renaming.mutate(name)}
      >
        <TextField
          label={t('you.name')}
          autoComplete="name"
          value={name}
          onValue={setName}
          maxLength={100}
          isRequired
        />
      </OneForm>
      <button
        type="button"
        disabled={leaving.isPending}
        onClick={() => leaving.mutate(undefined, { onSuccess: exit })}
        className={secondary}
      >
        {t('signOut')}
      </button>
    </Part>
  )
}

const Password = () => {
  const t = useTranslations('account')
  const none = { currentPassword: '', newPassword: '' }
  const [draft, setDraft] = useState(none)
  const changing = useOwnChange(changePassword)
  const errorOf = errorsOf(changing.error)
  return (
    <Part title={t('you.password')}>
      <OneForm
        label={t('you.password')}
        action={t('you.changePassword')}
        isPending={changing.isPending}
        error={changing.error}
        done={changing.isSuccess ? t('you.passwordChanged') : undefined}
        onSubmit={() => changing.mutate(draft, { onSuccess: () => setDraft(none) })}
      >
        <TextField
          label={t('you.currentPassword')}
          type="password"
          autoComplete="current-password"
          value={draft.currentPassword}
          onValue={(currentPassword) => setDraft({ ...draft, currentPassword })}
          error={errorOf('currentPassword')}
          isRequired
        />
        <TextField
          label={t('you.newPassword')}
          type="password"
          hint={t('you.newPasswordHint')}
          value={draft.newPassword}
          onValue={(newPassword) => setDraft({ ...draft, newPassword })}
          error={errorOf('newPassword')}
          isRequired
        />
      </OneForm>
    </Part>
  )
}

/** Who looks without an account: from this machine, or with a key. */
const WithoutAccount = ({ me }: { me: Me }) => {
  const t = useTranslations('account')
  const exit = useExit()
  const forget = () => {
    storeKey('')
    exit()
  }
  return (
    <Part title={t(me.as === 'key' ? 'you.key' : 'you.machine')}>
      <p className="text-soft">{t(me.as === 'key' ? 'you.keyAbout' : 'you.machineAbout')}</p>
      <div className="flex gap-2">
        {!me.has_owner && (
          <Link to="/setup" className={primary}>
            {t('you.makeAccount')}
          </Link>
        )}
        {me.as === 'key' && (
          <button type="button" onClick={forget} className={secondary}>
            {t('forgetKey')}
          </button>
        )}
      </div>
    </Part>
  )
}

/** The own account: who one is, and how one signs in. */
export const YouTab = ({ me }: { me: Me }) => (
  <div className="space-y-4">
    {me.person ? (
      <>
        <Profile person={me.person} />
        <Rights {...me} />
        {me.person.has_password && (
          <>
            <Password />
            <SecondFactorPart isOn={me.person.has_second_factor} />
          </>
        )}
        <PasskeysPart />
        <SessionsPart />
      </>
    ) : (
      <>
        <WithoutAccount me={me} />
        <Rights {...me} />
      </>
    )}
  </div>
)
