import { AlertDialog } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useEraseAllInterested } from '../../../api/ideas.ts'
import { secondary, TextField } from '../../settings/fields.tsx'

/** Erases every address that was left for an idea, once its name is typed: nothing brings them back. */
export const EraseAll = (props: { site: string; id: string; name: string; count: number }) => {
  const { site, id, name, count } = props
  const t = useTranslations('ideaReport.interested')
  const [isOpen, setIsOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const erase = useEraseAllInterested(site, id)
  const open = (next: boolean) => {
    erase.reset()
    setTyped('')
    setIsOpen(next)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    erase.mutate(typed, { onSuccess: () => open(false) })
  }
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={open}>
      <AlertDialog.Trigger className={secondary}>{t('eraseAll')}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-20 bg-black/40" />
        <AlertDialog.Content className="fixed top-1/2 left-1/2 z-30 w-md max-w-[92vw] -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-card p-6 shadow-2xl">
          <AlertDialog.Title className="text-lg font-bold">{t('eraseAllTitle', { count })}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-soft">{t('eraseAllAbout')}</AlertDialog.Description>
          <form onSubmit={submit} className="mt-4">
            <TextField
              label={t('eraseAllName', { name })}
              value={typed}
              onValue={setTyped}
              error={erase.error?.message}
            />
            <div className="mt-6 flex justify-end gap-2">
              <AlertDialog.Cancel className={secondary}>{t('keep')}</AlertDialog.Cancel>
              <button
                type="submit"
                disabled={erase.isPending || typed !== name}
                className="rounded-lg bg-bad px-3 py-1.5 font-semibold text-card hover:opacity-90 disabled:opacity-50"
              >
                {t('eraseAll')}
              </button>
            </div>
          </form>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
