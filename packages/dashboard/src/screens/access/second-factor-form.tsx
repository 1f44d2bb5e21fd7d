import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { proveSecondFactor, useOwnChange } from '../../api/account.ts'
import { DoorForm, otherWay } from '../../components/door.tsx'
import { TextField } from '../settings/fields.tsx'

/** Asks whoever gave the right password for the second factor. */
export const SecondFactorForm = ({ onBack, onEntered }: { onBack: () => void; onEntered: () => void }) => {
  const t = useTranslations('access')
  const [code, setCode] = useState('')
  const proving = useOwnChange(proveSecondFactor)
  return (
    <DoorForm
      icon={<ShieldCheck size={28} />}
      title={t('secondTitle')}
      about={t('secondAbout')}
      action={t('continue')}
      isPending={proving.isPending}
      error={proving.error}
      onSubmit={() => proving.mutate(code.trim(), { onSuccess: onEntered })}
      below={
        <button type="button" onClick={onBack} className={otherWay}>
          {t('back')}
        </button>
      }
    >
      <TextField label={t('code')} autoComplete="one-time-code" value={code} onValue={setCode} isRequired />
    </DoorForm>
  )
}
