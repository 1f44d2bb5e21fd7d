import { AlertDialog } from 'radix-ui'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRemoveIdea } from '../../../api/ideas.ts'
import { secondary } from '../../settings/fields.tsx'

/** Removes an idea with its history, once it is confirmed. What visitors did stays counted elsewhere. */
export const RemoveIdea = (props: { site: string; id: string; name: string; onDone: () => void }) => {
  const t = useTranslations('ideaReport.remove')
  const [isOpen, setIsOpen] = useState(false)
  const remove = useRemoveIdea(props.site)
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={setIsOpen}>
      <AlertDialog.Trigger className={secondary}>{t('remove')}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-20 bg-black/40" />
        <AlertDialog.Content className="fixed top-1/2 left-1/2 z-30 w-md max-w-[92vw] -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-card p-6 shadow-2xl">
          <AlertDialog.Title className="text-lg font-bold">{t('title', { name: props.name })}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-soft">{t('about')}</AlertDialog.Description>
          {remove.error && (
            <p role="alert" className="mt-3 text-bad">
              {remove.error.message}
            </p>
          )}
          <div className="mt-6 flex justify-end gap-2">
            <AlertDialog.Cancel className={secondary}>{t('keep')}</AlertDialog.Cancel>
            <button
              type="button"
              disabled={remove.isPending}
              onClick={() => remove.mutate(props.id, { onSuccess: props.onDone })}
              className="rounded-lg bg-bad px-3 py-1.5 font-semibold text-card hover:opacity-90 disabled:opacity-50"
            >
              {t('remove')}
            </button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
