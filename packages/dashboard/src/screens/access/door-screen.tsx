import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useMe } from '../../api/account.ts'
import { hasKey } from '../../api/client.ts'
import { Door } from '../../components/door.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { KeyForm } from './key-form.tsx'
import { LostForm } from './lost-form.tsx'
import { SetupForm } from './setup-form.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { useEntrance } from './use-entrance.ts'

/** What stands before everything: signing in, or making the first account where there is none. */
const DoorScreen = () => {
  const t = useTranslations('access')
  const { data: me, error, refetch } = useMe()
  const enter = useEntrance()
  const [way, setWay] = useState<'account' | 'key' | 'lost'>('account')
  if (way === 'key' || hasKey()) return <KeyForm onBack={() => setWay('account')} onEntered={enter} />
  if (!me) {
    return (
      <Door>
        <h1 className="mb-2 text-xl font-bold">{t('signIn')}</h1>
        {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton lines={4} />}
      </Door>
    )
  }
  if (!me.has_owner) return <SetupForm me={me} onKey={() => setWay('key')} onEntered={enter} />
  if (way === 'lost') return <LostForm sendsMail={me.sends_mail} onBack={() => setWay('account')} />
  return <SignInForm me={me} onKey={() => setWay('key')} onLost={() => setWay('lost')} onEntered={enter} />
}
export default DoorScreen
