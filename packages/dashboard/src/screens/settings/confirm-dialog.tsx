import { AlertDialog } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { danger, errorsOf, secondary, TextField } from './fields.tsx'

/** Something that is done to what is kept, once; of a mutation, what a dialog needs. */
type Work<Given> = {
  mutate(given: Given, options: { onSuccess: () => void }): void
  reset(): void
  isPending: boolean
  error: Error | null
}

/**
 * A button that does what cannot be undone, once it is confirmed. What the server says no with is said in the dialog.
 * @param props.typed what has to be typed first, and how that is asked for; where it is left out, the button is enough
 * @param props.given what `work` is given; what was typed where that is left out
 */
export const ConfirmDialog = (props: {
  trigger: string
  /** What the trigger is called where several are alike. */
  triggerLabel?: string
  title: string
  about: string
  action: string
  keep: string
  work: Work<string>
  given?: string
  typed?: { label: string; expected: string }
  onDone?: () => void
}) => {
  const { trigger, triggerLabel, title, about, action, keep, work, given, typed, onDone } = props
  const [isOpen, setIsOpen] = useState(false)
  const [text, setText] = useState('')
  const open = (next: boolean) => {
    work.reset()
    setText('')
    setIsOpen(next)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    work.mutate(given ?? text, {
      onSuccess: () => {
        setIsOpen(false)
        onDone?.()
      },
    })
  }
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={open}>
      <AlertDialog.Trigger aria-label={triggerLabel} className={secondary}>
        {trigger}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-20 bg-black/40" />
        <AlertDialog.Content className="fixed top-1/2 left-1/2 z-30 w-md max-w-[92vw] -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-card p-6 shadow-2xl">
          <AlertDialog.Title className="text-lg font-bold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-soft">{about}</AlertDialog.Description>
          <form onSubmit={submit} className="group/form mt-4">
            {typed && (
              <TextField label={typed.label} value={text} onValue={setText} error={errorsOf(work.error)('name')} />
            )}
            {work.error && (
              <p role="alert" className="mt-3 text-bad group-has-[[data-field-error]]/form:hidden">
                {work.error.message}
              </p>
            )}
            <div className="mt-6 flex justify-end gap-2">
              <AlertDialog.Cancel className={secondary}>{keep}</AlertDialog.Cancel>
              <button
                type="submit"
                disabled={work.isPending || (typed !== undefined && text !== typed.expected)}
                className={danger}
              >
                {action}
              </button>
            </div>
          </form>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
