import { useTranslations } from 'use-intl'
import { useRemoveIdea } from '../../../api/ideas.ts'
import { ConfirmDialog } from '../../settings/confirm-dialog.tsx'

/** Removes an idea with its history, once it is confirmed. What visitors did stays counted elsewhere. */
export const RemoveIdea = (props: { site: string; id: string; name: string; onDone: () => void }) => {
  const t = useTranslations('ideaReport.remove')
  return (
    <ConfirmDialog
      trigger={t('remove')}
      title={t('title', { name: props.name })}
      about={t('about')}
      action={t('remove')}
      keep={t('keep')}
      work={useRemoveIdea(props.site)}
      given={props.id}
      onDone={props.onDone}
    />
  )
}
