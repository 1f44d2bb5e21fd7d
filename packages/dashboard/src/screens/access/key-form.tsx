import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { hasKey, storeKey } from '../../api/client.ts'
import { DoorForm, otherWay } from '../../components/door.tsx'
import { TextField } from '../settings/fields.tsx'

/** Asks for a key; one that the server did not take is still here. */
export const KeyForm = ({ onBack, onEntered }: { onBack: () => void; onEntered: () => void }) => {
  const t = useTranslations('access')
  const [key, setKey] = useState('')
  const isWrong = hasKey()
  const submit = () => {
    storeKey(key.trim())
    onEntered()
  }
  const back = () => {
    storeKey('')
    onBack()
  }
  return (
    <DoorForm
      icon={<KeyRound size={28} />}
      title={t('keyTitle')}
      about={t.rich('keyAbout', { code: (text) => <code>{text}</code> })}
      action={t('open')}
      isPending={false}
      error={undefined}
      onSubmit={submit}
      below={
        <button type="button" onClick={back} className={otherWay}>
          {t('back')}
        </button>
      }
    >
      <TextField
        label={t('key')}
        type="password"
        autoComplete="current-password"
        value={key}
        onValue={setKey}
        error={isWrong ? t('keyWrong') : undefined}
        isRequired
      />
    </DoorForm>
  )
}
