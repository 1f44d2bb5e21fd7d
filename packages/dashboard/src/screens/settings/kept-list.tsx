import { Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { type KeptNoun, useKept } from '../../api/kept.ts'
import { useRights } from '../../api/rights.ts'
import { Card } from '../../components/card.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { primary, secondary } from './fields.tsx'
import { type Drafting, KeepingForm } from './keeping-form.tsx'
import { RemoveButton } from './remove-button.tsx'

type Kept = { id: string; created_at: string }

/** Everything of a noun that a site has, to add to, change and remove for whoever may. */
export const KeptList = <Thing extends Kept, Draft, Body>(props: {
  site: string
  noun: Exclude<KeptNoun, 'funnels'>
  drafting: Drafting<Draft, Body>
  /** What the form begins with, of a new one where there is none. */
  draftOf: (thing: Thing | undefined) => Draft
  nameOf: (thing: Thing) => string
  /** Said above it, and where there are none; of the noun when left out. */
  about?: string
  empty?: string
  /** Which of them belong here; all when left out. */
  isShown?: (thing: Thing) => boolean
  /** What it is, below its name. */
  detail: (thing: Thing) => ReactNode
  /** What else can be done with it, and what takes a right to. */
  actions?: (thing: Thing) => ReactNode
  changes?: (thing: Thing) => ReactNode
}) => {
  const { site, noun, drafting, draftOf, nameOf, detail, actions, changes, about, empty, isShown } = props
  const t = useTranslations('settings')
  const { data: all, error, refetch } = useKept<Thing>(site, noun)
  const { mayWrite } = useRights(site)
  const data = isShown ? all?.filter(isShown) : all
  /** The id that is changed, '' for a new one. */
  const [edited, setEdited] = useState<string>()
  const done = () => setEdited(undefined)
  const form = (thing: Thing | undefined) => (
    <KeepingForm
      site={site}
      noun={noun}
      title={t(thing ? `${noun}.change` : `${noun}.new`)}
      id={thing?.id}
      initial={draftOf(thing)}
      drafting={drafting}
      onDone={done}
    />
  )
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <p className="max-w-2xl text-soft">{about ?? t(`${noun}.about`)}</p>
        {mayWrite && (
          <button type="button" onClick={() => setEdited('')} disabled={edited === ''} className={primary}>
            <Plus size={16} aria-hidden className="-ml-1 mr-1 inline align-[-2px]" />
            {t(`${noun}.new`)}
          </button>
        )}
      </div>
      <Card label={t(`tabs.${noun}`)}>
        {edited === '' && form(undefined)}
        {error && !data ? (
          <div className="p-5">
            <Failure error={error} onRetry={() => void refetch()} />
          </div>
        ) : !data ? (
          <div className="p-5">
            <Skeleton lines={4} label={t('loading')} />
          </div>
        ) : data.length === 0 ? (
          edited === undefined && (
            <p className="px-5 py-10 text-center text-soft">{mayWrite ? (empty ?? t(`${noun}.empty`)) : t('none')}</p>
          )
        ) : (
          <ul>
            {data.map((thing) =>
              edited === thing.id ? (
                <li key={thing.id}>{form(thing)}</li>
              ) : (
                <li
                  key={thing.id}
                  data-kept={nameOf(thing)}
                  className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b sm:flex-nowrap border-line px-5 py-3 last:border-b-0"
                >
                  <div className="min-w-0">
                    <p className="font-medium wrap-anywhere">{nameOf(thing)}</p>
                    <div className="text-sm wrap-anywhere text-soft">{detail(thing)}</div>
                  </div>
                  <div className="flex flex-wrap items-center gap-2 sm:shrink-0">
                    {actions?.(thing)}
                    {mayWrite && (
                      <>
                        {changes?.(thing)}
                        <button
                          type="button"
                          aria-label={t('editNamed', { name: nameOf(thing) })}
                          onClick={() => setEdited(thing.id)}
                          className={secondary}
                        >
                          {t('edit')}
                        </button>
                        <RemoveButton site={site} noun={noun} id={thing.id} name={nameOf(thing)} />
                      </>
                    )}
                  </div>
                </li>
              ),
            )}
          </ul>
        )}
      </Card>
    </div>
  )
}
