import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useSessions } from '../../api/behaviour.ts'
import { Card } from '../../components/card.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { searchOf, type View, viewOf } from '../../view.ts'
import { Empty } from '../behaviour/answer.tsx'
import { Frame } from '../behaviour/frame.tsx'
import { scopeOf } from '../behaviour/scope.ts'
import { OneSession } from './one-session.tsx'
import { SessionList } from './session-list.tsx'
import { readOwnSearch, type SessionsSearch } from './sessions-search.ts'

const List = ({ view }: { view: View }) => {
  const t = useTranslations('sessions')
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useSessions(scopeOf(view))
  const sessions = data?.pages.flatMap((page) => page.sessions) ?? []
  return (
    <Card label={t('title')} className="overflow-hidden">
      {error && !data ? (
        <div className="p-5">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      ) : !data ? (
        <div className="p-5">
          <Skeleton lines={10} label={t('loading')} />
        </div>
      ) : sessions.length === 0 ? (
        <Empty title={t('nothing')}>{t('nothingHow')}</Empty>
      ) : (
        <>
          <SessionList sessions={sessions} view={view} />
          <div className="border-t border-line p-3 text-center print:hidden">
            {error ? (
              <Failure error={error} onRetry={() => void fetchNextPage()} />
            ) : hasNextPage ? (
              <button
                type="button"
                disabled={isFetchingNextPage}
                onClick={() => void fetchNextPage()}
                className="rounded-lg border border-line px-4 py-1.5 font-medium hover:bg-raised disabled:opacity-50"
              >
                {isFetchingNextPage ? t('loadingMore') : t('more')}
              </button>
            ) : (
              <p className="text-xs text-soft">{t('end')}</p>
            )}
          </div>
        </>
      )}
    </Card>
  )
}

/** Visits one by one; with one in the address, that one. */
const SessionsScreen = ({ search }: { search: SessionsSearch }) => {
  const t = useTranslations('sessions')
  const view = viewOf(search)
  const { visit, visitor } = readOwnSearch(search)
  const navigate = useNavigate()
  // Another range or site has other visits: the list again.
  const onView = (next: View) => void navigate({ to: '/sessions', search: searchOf(next), resetScroll: false })
  return (
    <Frame title={t('title')} lead={t('lead')} view={view} onView={onView}>
      {visit && visitor ? <OneSession view={view} visit={visit} visitor={visitor} /> : <List view={view} />}
    </Frame>
  )
}
export default SessionsScreen
