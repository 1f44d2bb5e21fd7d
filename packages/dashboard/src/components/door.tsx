import { type FormEvent, type ReactNode, useId } from 'react'
import { mainButton } from './controls.ts'

/** What stands in the place of what is not shown: a page with one thing on it. */
export const Door = ({ children }: { children: ReactNode }) => (
  <main className="grid min-h-dvh place-items-center p-4">
    <div className="w-full max-w-md rounded-2xl border border-line bg-card p-8 shadow-sm">{children}</div>
  </main>
)

/** A form at a door. What a field has told of an error already is not told again. */
export const DoorForm = (props: {
  icon: ReactNode
  title: string
  about?: ReactNode
  action: string
  isPending: boolean
  error: Error | null | undefined
  onSubmit: () => void
  children: ReactNode
  /** Other ways on. */
  below?: ReactNode
}) => {
  const { icon, title, about, action, isPending, error, onSubmit, children, below } = props
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <Door>
      <div aria-hidden className="mb-4 text-accent">
        {icon}
      </div>
      <h1 id={id} className="text-xl font-bold">
        {title}
      </h1>
      {about && <p className="mt-2 text-soft">{about}</p>}
      <form onSubmit={submit} aria-labelledby={id} className="group/form mt-6 space-y-4">
        {children}
        {error && (
          <p role="alert" className="text-bad group-has-[[data-field-error]]/form:hidden">
            {error.message}
          </p>
        )}
        <button type="submit" disabled={isPending} className={`${mainButton} w-full py-2`}>
          {action}
        </button>
      </form>
      {below && <div className="mt-6 space-y-2 border-t border-line pt-4">{below}</div>}
    </Door>
  )
}

/** One of the other ways on. */
export const otherWay =
  'block w-full rounded-lg border border-line px-3 py-2 text-center font-medium hover:bg-raised disabled:opacity-50'
