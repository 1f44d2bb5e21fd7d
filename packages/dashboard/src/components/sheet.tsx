import clsx from 'clsx'
import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'

/** A dialog over the screen; Escape, the cross and a click beside it close it. */
export const Sheet = (props: {
  isOpen: boolean
  onClose: () => void
  title: string
  about?: string
  isWide?: boolean
  children: ReactNode
}) => {
  const t = useTranslations('shell')
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-20 bg-black/50 print:hidden" />
        <Dialog.Content
          {...(props.about === undefined ? { 'aria-describedby': undefined } : {})}
          className={clsx(
            'fixed inset-x-3 top-[4vh] z-30 mx-auto flex max-h-[92dvh] flex-col rounded-2xl border border-line bg-card shadow-2xl',
            props.isWide ? 'max-w-5xl' : 'max-w-xl',
          )}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-5 pb-3">
            <div className="min-w-0">
              <Dialog.Title className="truncate text-lg font-bold">{props.title}</Dialog.Title>
              {props.about !== undefined && (
                <Dialog.Description className="text-sm text-soft">{props.about}</Dialog.Description>
              )}
            </div>
            <Dialog.Close
              aria-label={t('close')}
              className="rounded-lg p-1.5 text-soft hover:bg-raised hover:text-ink print:hidden"
            >
              <X size={18} aria-hidden />
            </Dialog.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col px-5 pb-5">{props.children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
