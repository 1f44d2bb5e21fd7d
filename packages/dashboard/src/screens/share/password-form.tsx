import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Door } from '../../components/door.tsx'

/** Asks for the password of a shared link. */
export const PasswordForm = (props: {
  error: Error | undefined
  isOpening: boolean
  onPassword: (password: string) => void
}) => {
  const { error, isOpening, onPassword } = props
  const t = useTranslations('share')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onPassword(password)
  }
  return (
    <Door>
      <KeyRound aria-hidden className="mb-4 text-accent" size={28} />
      <h1 className="text-xl font-bold">{t('passwordTitle')}</h1>
      <p className="mt-2 text-soft">{t('passwordAbout')}</p>
      <form onSubmit={submit} className="mt-6 space-y-3">
        <label className="block">
          <span className="font-medium">{t('password')}</span>
          <input
            type="password"
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            aria-invalid={error !== undefined}
            aria-describedby={error ? 'password-error' : undefined}
            className="mt-1 w-full rounded-lg border border-line bg-paper px-3 py-2"
          />
        </label>
        {error && (
          <p id="password-error" role="alert" className="text-bad">
            {error.message}
          </p>
        )}
        <button
          type="submit"
          disabled={isOpening}
          className="w-full rounded-lg bg-accent px-4 py-2 font-semibold text-on-accent hover:opacity-90 disabled:opacity-50"
        >
          {t('open')}
        </button>
      </form>
    </Door>
  )
}
