import { useTranslations } from 'use-intl'
import { CopyButton } from '../../settings/copy-button.tsx'

/** Something to paste, and a button that takes it along. */
export const CopiedSnippet = (props: { name: string; text: string; about?: string }) => {
  const t = useTranslations('ideaReport.setUp')
  return (
    <div className="min-w-0">
      <p className="font-medium">{props.name}</p>
      {props.about && <p className="text-sm text-soft">{props.about}</p>}
      <div className="mt-1.5 flex flex-wrap items-start gap-2 rounded-lg bg-raised p-2 pl-3">
        <code className="min-w-0 flex-1 basis-60 py-1 text-xs whitespace-pre-wrap wrap-anywhere">{props.text}</code>
        <CopyButton text={props.text} label={t('copy')} name={t('copyNamed', { name: props.name })} />
      </div>
    </div>
  )
}
