import { useTranslations } from 'use-intl'
import { useEraseAllInterested } from '../../../api/ideas.ts'
import { ConfirmDialog } from '../../settings/confirm-dialog.tsx'

/** Erases every address that was left for an idea, once its name is typed: nothing brings them back. */
export const EraseAll = (props: { site: string; id: string; name: string; count: number }) => {
  const { site, id, name, count } = props
  const t = useTranslations('ideaReport.interested')
  return (
    <ConfirmDialog
      trigger={t('eraseAll')}
      title={t('eraseAllTitle', { count })}
      about={t('eraseAllAbout')}
      action={t('eraseAll')}
      keep={t('keep')}
      work={useEraseAllInterested(site, id)}
      typed={{ label: t('eraseAllName', { name }), expected: name }}
    />
  )
}
