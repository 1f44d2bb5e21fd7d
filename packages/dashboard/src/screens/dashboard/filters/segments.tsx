import type { NewSegment, Segment } from '@clickwatch/contract'
import clsx from 'clsx'
import { Bookmark, ChevronDown, Trash2 } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useKeep, useKept, useRemove } from '../../../api/kept.ts'
import { useRights } from '../../../api/rights.ts'
import { button, field, floating, mainButton } from '../../../components/controls.ts'
import { useFilterText } from '../../../filter-text.ts'
import type { View } from '../../../view.ts'

/** A segment stands for its own filters and no others: one inside another would never end. */
const canBeSaved = (view: View): boolean =>
  view.filters.length > 0 && !JSON.stringify(view.filters).includes('"segment"')

const SaveForm = ({ view, onSaved }: { view: View; onSaved: () => void }) => {
  const t = useTranslations('segments')
  const textOf = useFilterText()
  const add = useKeep<NewSegment>(view.site, 'segments')
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim())
      add.mutate({ id: undefined, body: { name: name.trim(), filters: view.filters } }, { onSuccess: onSaved })
  }
  return (
    <form onSubmit={submit} className="mt-2 space-y-2 border-t border-line px-2 pt-3">
      <p className="text-xs text-soft">{view.filters.map((filter) => textOf(filter)).join(' · ')}</p>
      <div className="flex gap-2">
        <input
          aria-label={t('name')}
          placeholder={t('name')}
          required
          maxLength={120}
          value={name}
          onChange={({ target }) => setName(target.value)}
          className={clsx(field, 'min-w-0 flex-1')}
        />
        <button type="submit" disabled={add.isPending} className={mainButton}>
          {t('save')}
        </button>
      </div>
      {add.error && (
        <p role="alert" className="text-sm text-bad">
          {add.error.message}
        </p>
      )}
    </form>
  )
}

/** Filters under a name: apply one, save the current ones. */
export const Segments = ({ view, onView }: { view: View; onView: (view: View) => void }) => {
  const t = useTranslations('segments')
  const [isOpen, setIsOpen] = useState(false)
  const { data: segments = [] } = useKept<Segment>(view.site, 'segments')
  const remove = useRemove(view.site, 'segments')
  const { mayWrite } = useRights(view.site)
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger className={`${button} flex items-center gap-2 print:hidden`}>
        <Bookmark size={16} aria-hidden className="text-soft" /> {t('title')}
        <ChevronDown size={14} aria-hidden className="text-soft" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('title')}
          className={clsx(floating, 'w-80 max-w-[calc(100vw-1rem)] p-2')}
        >
          {segments.length === 0 && <p className="px-2 py-1.5 text-soft">{t('none')}</p>}
          <ul className="max-h-64 overflow-y-auto">
            {segments.map(({ id, name }) => (
              <li key={id} className="flex items-center rounded-md hover:bg-raised">
                <button
                  type="button"
                  onClick={() => {
                    onView({ ...view, filters: [['is', 'segment', [id]]] })
                    setIsOpen(false)
                  }}
                  className="min-w-0 flex-1 truncate px-2 py-1.5 text-left"
                >
                  {name}
                </button>
                {mayWrite && (
                  <button
                    type="button"
                    aria-label={t('remove', { name })}
                    onClick={() => remove.mutate(id)}
                    className="rounded p-1.5 text-soft hover:text-bad"
                  >
                    <Trash2 size={14} aria-hidden />
                  </button>
                )}
              </li>
            ))}
          </ul>
          {remove.error && (
            <p role="alert" className="px-2 py-1 text-sm text-bad">
              {remove.error.message}
            </p>
          )}
          {mayWrite && canBeSaved(view) && <SaveForm view={view} onSaved={() => setIsOpen(false)} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
