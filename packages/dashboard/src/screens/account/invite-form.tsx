import { everySite, type Role, roles } from '@clickwatch/contract'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { invite, usePeopleChange } from '../../api/account.ts'
import { CopyButton } from '../settings/copy-button.tsx'
import { errorsOf, SelectField, TextField } from '../settings/fields.tsx'
import { OneForm, Part } from './part.tsx'

/** Invites somebody; where no mail goes out, the address of the invitation is there to be passed on. */
export const InviteForm = ({ site, isByOwner }: { site: string; isByOwner: boolean }) => {
  const t = useTranslations('account')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const inviting = usePeopleChange(invite)
  const errorOf = errorsOf(inviting.error)
  const made = inviting.data
  const address = made?.path ? location.origin + made.path : undefined
  const choices = roles.filter((each) => each !== 'owner' || (site === everySite && isByOwner)).toReversed()
  return (
    <Part title={t('people.invite')}>
      <OneForm
        label={t('people.invite')}
        action={t('people.inviteAction')}
        isPending={inviting.isPending}
        error={inviting.error}
        onSubmit={() => inviting.mutate({ site, email, role }, { onSuccess: () => setEmail('') })}
      >
        <TextField
          label={t('people.email')}
          type="email"
          value={email}
          onValue={setEmail}
          error={errorOf('email')}
          isRequired
        />
        <SelectField
          label={t('people.role')}
          hint={t(`people.roleHint.${role}`)}
          value={role}
          onValue={setRole}
          error={errorOf('role')}
          options={choices.map((value) => ({ value, name: t(`roles.${value}`) }))}
        />
      </OneForm>
      {made && (
        <div role="status" className="space-y-2 rounded-lg bg-raised p-3">
          <p>{t(address === undefined ? 'people.mailed' : 'people.pass', { email: made.email })}</p>
          {address !== undefined && (
            <div className="flex flex-wrap items-center gap-2">
              <code data-invitation className="min-w-0 flex-1 text-xs wrap-anywhere">
                {address}
              </code>
              <CopyButton text={address} label={t('people.copy')} name={t('people.copyNamed')} />
            </div>
          )}
        </div>
      )}
    </Part>
  )
}
