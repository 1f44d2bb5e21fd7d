import { MailQuestion } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { askForReset, useOwnChange } from '../../api/account.ts'
import { Door, DoorForm, otherWay } from '../../components/door.tsx'
import { TextField } from '../settings/fields.tsx'

/** The way to another password: by mail, or by whoever runs the server. */
export const LostForm = ({ sendsMail, onBack }: { sendsMail: boolean; onBack: () => void }) => {
  const t = useTranslations('access')
  const [email, setEmail] = useState('')
  const asking = useOwnChange(askForReset)
  const back = (
    <button type="button" onClick={onBack} className={otherWay}>
      {t('back')}
    </button>
  )
  if (!sendsMail || asking.isSuccess) {
    return (
      <Door>
        <MailQuestion aria-hidden className="mb-4 text-accent" size={28} />
        <h1 className="text-xl font-bold">{t('lostTitle')}</h1>
        <p role="status" className="mt-2 mb-6 text-soft">
          {asking.isSuccess
            ? t('sent')
            : t.rich('lostByOperator', { email: 'you@example.org', code: (text) => <code>{text}</code> })}
        </p>
        {back}
      </Door>
    )
  }
  return (
    <DoorForm
      icon={<MailQuestion size={28} />}
      title={t('lostTitle')}
      about={t('lostAbout')}
      action={t('send')}
      isPending={asking.isPending}
      error={asking.error}
      onSubmit={() => asking.mutate(email)}
      below={back}
    >
      <TextField label={t('email')} type="email" autoComplete="username" value={email} onValue={setEmail} isRequired />
    </DoorForm>
  )
}
