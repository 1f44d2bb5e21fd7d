import { useTranslations } from 'use-intl'
import { type ErrorOf, TextField } from './fields.tsx'
import type { Change } from './keeping-form.tsx'

/** What a thing is called. */
export const NameField = (props: { draft: { name: string }; change: Change<{ name: string }>; errorOf: ErrorOf }) => {
  const t = useTranslations('settings')
  return (
    <TextField
      label={t('name')}
      value={props.draft.name}
      onValue={(name) => props.change({ name })}
      error={props.errorOf('name')}
      isRequired
    />
  )
}
