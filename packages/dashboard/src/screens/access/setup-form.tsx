import type { Me } from '@clickwatch/contract'
import { KeyRound, Sprout } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { setUp, useOwnChange } from '../../api/account.ts'
import { DoorForm, otherWay } from '../../components/door.tsx'
import { errorsOf, TextField } from '../settings/fields.tsx'

/** Makes the first account, which owns all. */
export const SetupForm = ({ me, onKey, onEntered }: { me: Me; onKey?: () => void; onEntered: () => void }) => {
  const t = useTranslations('access')
  const [draft, setDraft] = useState({ name: '', email: '', password: '', code: '' })
  const making = useOwnChange(setUp)
  const errorOf = errorsOf(making.error)
  const field = (name: keyof typeof draft) => ({
    label: t(name === 'code' ? 'setupCode' : name),
    value: draft[name],
    onValue: (value: string) => setDraft({ ...draft, [name]: value }),
    error: errorOf(name),
    isRequired: true,
  })
  const submit = () => {
    const { code, ...account } = draft
    making.mutate(me.needs_code ? { ...account, code } : account, { onSuccess: onEntered })
  }
  return (
    <DoorForm
      icon={<Sprout size={28} />}
      title={t('setupTitle')}
      about={t('setupAbout')}
      action={t('setupAction')}
      isPending={making.isPending}
      error={making.error}
      onSubmit={submit}
      below={
        onKey && (
          <button type="button" onClick={onKey} className={otherWay}>
            <KeyRound size={16} aria-hidden className="mr-1.5 inline align-[-3px]" />
            {t('byKey')}
          </button>
        )
      }
    >
      <TextField {...field('name')} autoComplete="name" />
      <TextField {...field('email')} type="email" autoComplete="username" />
      <TextField {...field('password')} type="password" hint={t('newPasswordHint')} />
      {me.needs_code && <TextField {...field('code')} hint={t.markup('setupCodeHint', { code: (text) => text })} />}
    </DoorForm>
  )
}
