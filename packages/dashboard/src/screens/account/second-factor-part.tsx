import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { beginSecondFactor, endSecondFactor, proveSecondFactor, useOwnChange } from '../../api/account.ts'
import { CopyButton } from '../settings/copy-button.tsx'
import { primary, secondary, TextField } from '../settings/fields.tsx'
import { OneForm, Part } from './part.tsx'
import { QrCode } from './qr-code.tsx'

/** Recovery codes, until they are kept. */
const Codes = ({ codes, onKept }: { codes: string[]; onKept: () => void }) => {
  const t = useTranslations('account.second')
  return (
    <>
      <p>{t('codes')}</p>
      <ul data-codes className="grid max-w-md grid-cols-2 gap-2 rounded-lg bg-raised p-3 font-mono text-sm">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex gap-2">
        <CopyButton text={codes.join('\n')} label={t('copy')} name={t('copy')} />
        <button type="button" onClick={onKept} className={primary}>
          {t('codesKept')}
        </button>
      </div>
    </>
  )
}

/** Shows the app its secret, and asks for what it makes of it. */
const Proof = ({ uri, onProven }: { uri: string; onProven: () => void }) => {
  const t = useTranslations('account.second')
  const [digits, setDigits] = useState('')
  const proving = useOwnChange(proveSecondFactor)
  return (
    <>
      <p>{t('scan')}</p>
      <QrCode text={uri} label={t('qr')} />
      <p className="text-sm wrap-anywhere text-soft">
        {t('secret', { secret: new URL(uri).searchParams.get('secret') ?? '' })}
      </p>
      <OneForm
        label={t('title')}
        action={t('prove')}
        isPending={proving.isPending}
        error={proving.error}
        onSubmit={() => proving.mutate(digits.trim(), { onSuccess: onProven })}
      >
        <TextField label={t('digits')} autoComplete="one-time-code" value={digits} onValue={setDigits} isRequired />
      </OneForm>
    </>
  )
}

/** Asks for the password before something about the second factor is done. */
const WithPassword = (props: {
  action: string
  error: Error | null
  isPending: boolean
  onPassword: (password: string) => void
}) => {
  const { action, error, isPending, onPassword } = props
  const t = useTranslations('account.second')
  const [password, setPassword] = useState('')
  const [isAsked, setIsAsked] = useState(false)
  if (!isAsked) {
    return (
      <button type="button" onClick={() => setIsAsked(true)} className={secondary}>
        {action}
      </button>
    )
  }
  return (
    <OneForm label={action} action={action} isPending={isPending} error={error} onSubmit={() => onPassword(password)}>
      <TextField
        label={t('password')}
        type="password"
        autoComplete="current-password"
        value={password}
        onValue={setPassword}
        isRequired
      />
    </OneForm>
  )
}

/** The second factor: set up by an app, proven, and kept with codes for when the phone is lost. */
export const SecondFactorPart = ({ isOn }: { isOn: boolean }) => {
  const t = useTranslations('account.second')
  const beginning = useOwnChange(beginSecondFactor)
  const ending = useOwnChange(endSecondFactor)
  const [step, setStep] = useState<'none' | 'proof' | 'codes'>('none')
  const begun = beginning.data
  return (
    <Part title={t('title')}>
      <p className="text-soft">{t(isOn ? 'on' : 'off')}</p>
      {step === 'proof' && begun ? (
        <Proof uri={begun.totpURI} onProven={() => setStep('codes')} />
      ) : step === 'codes' && begun ? (
        <Codes codes={begun.backupCodes} onKept={() => setStep('none')} />
      ) : isOn ? (
        <WithPassword
          key="end"
          action={t('end')}
          error={ending.error}
          isPending={ending.isPending}
          onPassword={(password) => ending.mutate(password)}
        />
      ) : (
        <WithPassword
          key="begin"
          action={t('begin')}
          error={beginning.error}
          isPending={beginning.isPending}
          onPassword={(password) => beginning.mutate(password, { onSuccess: () => setStep('proof') })}
        />
      )}
    </Part>
  )
}
