import type { Annotation, NewAnnotation } from '@clickwatch/contract'
import { Flag, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useKeep, useKept, useRemove } from '../../api/kept.ts'
import { useRights } from '../../api/rights.ts'
import { field, mainButton } from '../../components/controls.ts'
import { Sheet } from '../../components/sheet.tsx'
import { formatDay } from '../../format.ts'

const padded = (text: string): string => (text.length === 10 ? `${text} 00:00:00` : text)

/** The notes of a range by the index of the bucket that they fall into. `labels` are the buckets' beginnings, in order. */
export const notesByBucket = (
  notes: readonly Annotation[],
  labels: readonly string[],
  to: string,
): Map<number, Annotation[]> => {
  const found = new Map<number, Annotation[]>()
  for (const note of notes) {
    const at = padded(note.at)
    const index = labels.findLastIndex((label) => padded(label) <= at)
    if (index >= 0 && at < to) found.set(index, [...(found.get(index) ?? []), note])
  }
  return found
}

export const useNotes = (site: string): Annotation[] => useKept<Annotation>(site, 'annotations').data ?? []

/** The notes on the chart, in words, and a way to take one away. */
export const NoteList = ({ site, notes }: { site: string; notes: readonly Annotation[] }) => {
  const t = useTranslations('dashboard.chart')
  const remove = useRemove(site, 'annotations')
  const { mayWrite } = useRights(site)
  if (notes.length === 0) return null
  return (
    <ul aria-label={t('notes')} className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
      {notes.map((note) => (
        <li key={note.id} className="flex items-center gap-1.5">
          <Flag size={12} aria-hidden className="text-accent" />
          {t('noteOn', { day: formatDay(note.at.slice(0, 10)), text: note.text })}
          {mayWrite && (
            <button
              type="button"
              aria-label={t('removeNote', { text: note.text })}
              onClick={() => remove.mutate(note.id)}
              className="rounded p-0.5 hover:bg-raised hover:text-ink print:hidden"
            >
              <X size={12} aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

/** A new note on a day. */
export const NoteForm = (props: { site: string; day: string | undefined; onClose: () => void }) => {
  const t = useTranslations('dashboard.chart')
  const add = useKeep<NewAnnotation>(props.site, 'annotations')
  const [text, setText] = useState('')
  const [day, setDay] = useState<string>()
  const chosen = day ?? props.day ?? ''
  const close = () => {
    setText('')
    setDay(undefined)
    add.reset()
    props.onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() && chosen)
      add.mutate({ id: undefined, body: { at: chosen, text: text.trim() } }, { onSuccess: close })
  }
  return (
    <Sheet isOpen={props.day !== undefined} onClose={close} title={t('noteTitle')} about={t('noteAbout')}>
      <form onSubmit={submit} className="space-y-3">
        <label className="block font-medium">
          {t('day')}
          <input
            type="date"
            required
            value={chosen}
            onChange={({ target }) => setDay(target.value)}
            className={`${field} mt-1 block`}
          />
        </label>
        <label className="block font-medium">
          {t('text')}
          <input
            required
            maxLength={500}
            value={text}
            onChange={({ target }) => setText(target.value)}
            className={`${field} mt-1 block w-full`}
          />
        </label>
        {add.error && (
          <p role="alert" className="text-bad">
            {add.error.message}
          </p>
        )}
        <button type="submit" disabled={add.isPending} className={mainButton}>
          {t('save')}
        </button>
      </form>
    </Sheet>
  )
}
