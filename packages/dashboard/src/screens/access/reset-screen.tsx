import { useNavigate } from '@tanstack/react-router'
import { KeySquare } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { resetPassword, useOwnChange } from '../../api/account.ts'
import { DoorForm } from '../../components/door.tsx'
import { errorsOf, TextField } from '../settings/fields.tsx'
import { useEntrance } from './use-entrance.ts'

/** Another password, by an address that was mailed or that the command line has printed. @param token what it ends with */
const ResetScreen = ({ token }: { token: string }) => {
  const t = useTranslations('access')
  const [newPassword, setNewPassword] = useState('')
  const resetting = useOwnChange(resetPassword)
  const enter = useEntrance()
  const navigate = useNavigate()
  const submit = () => {
    if (!resetting.isSuccess) return resetting.mutate({ token, newPassword })
    enter()
    void navigate({ to: '/' })
  }
  return (
    <DoorForm
      icon={<KeySquare size={28} />}
      title={resetting.isSuccess ? t('resetDone') : t('resetTitle')}
      about={resetting.isSuccess ? undefined : t('resetAbout')}
      action={resetting.isSuccess ? t('signIn') : t('save')}
      isPending={resetting.isPending}
      error={resetting.error}
      onSubmit={submit}
    >
      <title>{`${t('resetTitle')} · ClickWatch`}</title>
      {!resetting.isSuccess && (
        <TextField
          label={t('newPassword')}
          type="password"
          hint={t('newPasswordHint')}
          value={newPassword}
          onValue={setNewPassword}
          error={errorsOf(resetting.error)('newPassword')}
          isRequired
        />
      )}
    </DoorForm>
  )
}
export default ResetScreen
