import { useQueryClient } from '@tanstack/react-query'
import { KeyRound, ShieldAlert } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { retryAccess, useAccess } from '../../api/access.ts'
import { storeKey } from '../../api/client.ts'

const Sheet = ({ children }: { children: ReactNode }) => (
  <main className="grid min-h-dvh place-items-center p-4">
    <div className="w-full max-w-md rounded-2xl border border-line bg-card p-8 shadow-sm">{children}</div>
  </main>
)

const KeyForm = ({ isWrong, onKey }: { isWrong: boolean; onKey: (key: string) => void }) => {
  const t = useTranslations('access')
  const [key, setKey] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (key.trim()) onKey(key.trim())
  }
  return (
    <Sheet>
      <KeyRound aria-hidden className="mb-4 text-accent" size={28} />
      <h1 className="text-xl font-bold">{t('title')}</h1>
      <p className="mt-2 text-soft">{t.rich('about', { code: (text) => <code>{text}</code> })}</p>
      <form onSubmit={submit} className="mt-6 space-y-3">
        <label className="block">
          <span className="font-medium">{t('key')}</span>
          <input
            type="password"
            autoComplete="current-password"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            aria-invalid={isWrong}
            aria-describedby={isWrong ? 'key-wrong' : undefined}
            className="mt-1 w-full rounded-lg border border-line bg-paper px-3 py-2"
          />
        </label>
        {isWrong && (
          <p id="key-wrong" role="alert" className="text-bad">
            {t('wrong')}
          </p>
        )}
        <button
          type="submit"
          className="w-full rounded-lg bg-accent px-4 py-2 font-semibold text-on-accent hover:opacity-90"
        >
          {t('open')}
        </button>
      </form>
    </Sheet>
  )
}

const LoopbackOnly = ({ onRetry }: { onRetry: () => void }) => {
  const t = useTranslations()
  return (
    <Sheet>
      <ShieldAlert aria-hidden className="mb-4 text-accent" size={28} />
      <h1 className="text-xl font-bold">{t('access.loopbackTitle')}</h1>
      <p className="mt-2 text-soft">{t('access.loopbackAbout')}</p>
      <pre className="mt-4 whitespace-pre-wrap wrap-anywhere rounded-lg bg-raised p-3 text-xs">
        CLICKWATCH_API_KEY=… npm start
      </pre>
      <button
        type="button"
        onClick={onRetry}
        className="mt-4 rounded-lg border border-line px-4 py-2 font-medium hover:bg-raised"
      >
        {t('shell.tryAgain')}
      </button>
    </Sheet>
  )
}

/** Shows what is inside once the API lets this browser in, and until then what is missing. */
export const AccessGate = ({ children }: { children: ReactNode }) => {
  const access = useAccess()
  const client = useQueryClient()
  const again = () => {
    client.clear()
    retryAccess()
  }
  if (access === 'granted') return children
  if (access === 'loopback-only') return <LoopbackOnly onRetry={again} />
  const openWith = (key: string) => {
    storeKey(key)
    again()
  }
  return <KeyForm isWrong={access === 'key-wrong'} onKey={openWith} />
}
