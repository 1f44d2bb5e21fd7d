import type { OpenedLink, OpenLink } from '@clickwatch/contract'
import { Unlink } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError, askJson } from '../../api/client.ts'
import { lookByLink, passOf, rememberPass } from '../../api/shared.ts'
import { Door } from '../../components/door.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { messageOf } from '../../format.ts'
import type { ViewSearch } from '../../view.ts'
import { DashboardScreen } from '../dashboard/dashboard-screen.tsx'
import { PasswordForm } from './password-form.tsx'

const SharedIdea = lazy(() => import('./shared-idea.tsx'))

type State =
  | { is: 'opening' }
  | { is: 'open'; link: OpenedLink }
  | { is: 'asking'; error: Error | undefined; isOpening: boolean }
  | { is: 'failed'; error: Error }

const stateOf = (error: unknown): State => {
  const told = error instanceof Error ? error : new Error(messageOf(error))
  const code = error instanceof ApiError ? error.code : ''
  if (code === 'password_needed') return { is: 'asking', error: undefined, isOpening: false }
  if (code === 'password_wrong' || code === 'too_many_tries') return { is: 'asking', error: told, isOpening: false }
  return { is: 'failed', error: told }
}

/** A view as its link fixes it: a period that is fixed stands beside no other. */
const searchOf = ({ site, date_range }: OpenedLink, search: ViewSearch): ViewSearch => {
  if (date_range === null) return { ...search, site }
  const { from: _from, to: _to, ...rest } = search
  const fixed: ViewSearch = { ...rest, site, compare: 'off' }
  if (typeof date_range === 'string') return { ...fixed, period: date_range }
  return { ...fixed, from: date_range[0], to: date_range[1] }
}

const Opening = () => {
  const t = useTranslations('share')
  return (
    <main className="mx-auto max-w-7xl px-4 py-24 sm:px-6">
      <Skeleton lines={8} label={t('loading')} />
    </main>
  )
}

/** What a link shows, the dashboard or the report of an idea, once the link is known to hold and its password, where it has one, was given. */
const ShareScreen = ({ token, search }: { token: string; search: ViewSearch }) => {
  const t = useTranslations('share')
  const [state, setState] = useState<State>({ is: 'opening' })

  const open = useCallback(
    async (body: OpenLink) => {
      try {
        const link = await askJson<OpenedLink>(`/api/share/${encodeURIComponent(token)}`, { body })
        lookByLink(token, link)
        rememberPass(token, link.pass)
        setState({ is: 'open', link })
      } catch (error) {
        setState(stateOf(error))
      }
    },
    [token],
  )
  useEffect(() => {
    const pass = passOf(token)
    void open(pass === undefined ? {} : { pass })
  }, [token, open])

  switch (state.is) {
    case 'opening':
      return <Opening />
    case 'asking': {
      const tryPassword = (password: string) => {
        setState({ ...state, isOpening: true })
        void open({ password })
      }
      return <PasswordForm error={state.error} isOpening={state.isOpening} onPassword={tryPassword} />
    }
    case 'failed':
      return (
        <Door>
          <Unlink aria-hidden className="mb-4 text-accent" size={28} />
          <h1 className="text-xl font-bold">{t('goneTitle')}</h1>
          <Failure error={state.error} onRetry={() => void open({})} />
        </Door>
      )
    case 'open':
      if (state.link.idea === null) return <DashboardScreen search={searchOf(state.link, search)} />
      return (
        <Suspense fallback={<Opening />}>
          <SharedIdea link={state.link} idea={state.link.idea} />
        </Suspense>
      )
  }
}
export default ShareScreen
