import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type KeptNoun, useKeep } from '../../api/kept.ts'
import { type ErrorOf, errorsOf, primary, secondary } from './fields.tsx'

export type Change<Draft> = (change: Partial<Draft>) => void

/** What a form of a noun is made of: what is typed into it, what becomes of that, and its fields. */
export type Drafting<Draft, Body> = {
  bodyOf: (draft: Draft) => Body
  fields: (draft: Draft, change: Change<Draft>, errorOf: ErrorOf) => ReactNode
}

/** Adds one, or changes the one of `id`; what the server does not take is said at the field. */
export const KeepingForm = <Draft, Body>(props: {
  site: string
  noun: KeptNoun
  title: string
  id: string | undefined
  initial: Draft
  drafting: Drafting<Draft, Body>
  onDone: () => void
}) => {
  const { site, noun, title, id, initial, drafting, onDone } = props
  const t = useTranslations('settings')
  const [draft, setDraft] = useState(initial)
  const keep = useKeep<Body>(site, noun)
  const change: Change<Draft> = (part) => setDraft((before) => ({ ...before, ...part }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    keep.mutate({ id, body: drafting.bodyOf(draft) }, { onSuccess: onDone })
  }
  return (
    <form onSubmit={submit} aria-label={title} className="group/form space-y-4 border-b border-line p-5">
      <h2 className="text-base font-bold">{title}</h2>
      <div className="grid gap-4 sm:grid-cols-2">{drafting.fields(draft, change, errorsOf(keep.error))}</div>
      {keep.error && (
        // What a field has told already is not told again.
        <p role="alert" className="text-bad group-has-[[data-field-error]]/form:hidden">
          {keep.error.message}
        </p>
      )}
      <div className="flex gap-2">
        <button type="submit" disabled={keep.isPending} className={primary}>
          {keep.isPending ? t('saving') : id === undefined ? t('add') : t('save')}
        </button>
        <button type="button" onClick={onDone} className={secondary}>
          {t('cancel')}
        </button>
      </div>
    </form>
  )
}
