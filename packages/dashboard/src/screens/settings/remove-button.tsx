import { useTranslations } from 'use-intl'
import { type KeptNoun, useRemove } from '../../api/kept.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'

/** Removes something once it is confirmed; what stands on it is said where the server refuses. */
export const RemoveButton = ({ site, noun, id, name }: { site: string; noun: KeptNoun; id: string; name: string }) => {
  const t = useTranslations('settings')
  return (
    <ConfirmDialog
      trigger={t('remove')}
      triggerLabel={t('removeNamed', { name })}
      title={t('removeTitle', { name })}
      about={t('removeAbout')}
      action={t('remove')}
      keep={t('keep')}
      work={useRemove(site, noun)}
      given={id}
    />
  )
}
