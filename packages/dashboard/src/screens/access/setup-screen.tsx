import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useMe } from '../../api/account.ts'
import { Door, otherWay } from '../../components/door.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { SetupForm } from './setup-form.tsx'
import { useEntrance } from './use-entrance.ts'

/** The first account, for whoever is on the machine of the server and could look without one. */
const SetupScreen = () => {
  const t = useTranslations('access')
  const { data: me, error, refetch } = useMe()
  const enter = useEntrance()
  const navigate = useNavigate()
  const goIn = () => {
    enter()
    void navigate({ to: '/' })
  }
  if (me && !me.has_owner) return <SetupForm me={me} onEntered={goIn} />
  return (
    <Door>
      <title>{`${t('setupTitle')} · ClickWatch`}</title>
      {me ? (
        <>
          <h1 className="mb-6 text-xl font-bold">{t('setupOver')}</h1>
          <button type="button" onClick={goIn} className={otherWay}>
            {t('continue')}
          </button>
        </>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={4} />
      )}
    </Door>
  )
}
export default SetupScreen
