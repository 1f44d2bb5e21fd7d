import { type FormEvent, type ReactNode, useId } from 'react'
import { Card } from '../../components/card.tsx'
import { secondary } from '../settings/fields.tsx'

/** A part of a tab with a heading of its own. */
export const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Card label={title} className="space-y-4 p-5">
    <h2 className="text-base font-bold">{title}</h2>
    {children}
  </Card>
)

/** A form with one thing to do; what a field has told of an error already is not told again. */
export const OneForm = (props: {
  label: string
  action: string
  isPending: boolean
  error: Error | null
  /** Said once it is done. */
  done?: string | undefined
  onSubmit: () => void
  children: ReactNode
}) => {
  const { label, action, isPending, error, done, onSubmit, children } = props
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form onSubmit={submit} aria-label={label} id={id} className="group/form space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">{children}</div>
      {error && (
        <p role="alert" className="text-bad group-has-[[data-field-error]]/form:hidden">
          {error.message}
        </p>
      )}
      <div className="flex items-center gap-3">
        <button type="submit" disabled={isPending} className={secondary}>
          {action}
        </button>
        <span role="status">{done}</span>
      </div>
    </form>
  )
}

/** A thing of a list, and what can be done with it. */
export const Row = ({ name, children, actions }: { name: string; children?: ReactNode; actions?: ReactNode }) => (
  <li
    data-row={name}
    className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line py-2.5 first:border-t-0"
  >
    <div className="min-w-0">
      <p className="font-medium wrap-anywhere">{name}</p>
      <div className="text-sm wrap-anywhere text-soft">{children}</div>
    </div>
    <div className="flex flex-wrap items-center gap-2">{actions}</div>
  </li>
)
