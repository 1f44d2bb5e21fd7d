import type { Funnel, NewFunnel } from '@clickwatch/contract'
import clsx from 'clsx'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useKeep, useKept, useRemove } from '../../api/kept.ts'
import { useRights } from '../../api/rights.ts'
import { Card } from '../../components/card.tsx'
import { messageOf } from '../../format.ts'
import { Answer } from '../behaviour/answer.tsx'

const Save = (props: {
  site: string
  current: Funnel | undefined
  draft: Omit<NewFunnel, 'name'>
  onSaved: (id: string) => void
}) => {
  const t = useTranslations('funnels')
  const save = useKeep<NewFunnel, Funnel>(props.site, 'funnels')
  const [name, setName] = useState(props.current?.name ?? '')
  const keep = (id?: string) =>
    save.mutate({ id, body: { ...props.draft, name } }, { onSuccess: (funnel) => props.onSaved(funnel.id) })
  return (
    <form
      className="mt-3 border-t border-line pt-3"
      onSubmit={(event) => {
        event.preventDefault()
        keep(props.current?.id)
      }}
    >
      <div className="flex flex-wrap gap-2">
        <input
          required
          maxLength={120}
          aria-label={t('name')}
          placeholder={t('name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="min-w-32 flex-1 rounded-lg border border-line bg-card px-2.5 py-1.5"
        />
        <button
          type="submit"
          disabled={save.isPending}
          className="rounded-lg bg-accent px-3 py-1.5 font-medium text-on-accent disabled:opacity-50"
        >
          {t('save')}
        </button>
        {props.current && name !== props.current.name && name !== '' && (
          <button
            type="button"
            onClick={() => keep()}
            className="rounded-lg border border-line px-3 py-1.5 font-medium hover:bg-raised"
          >
            {t('saveAs')}
          </button>
        )}
      </div>
      <p role="status" className={clsx('mt-1 text-xs', save.error ? 'text-bad' : 'text-soft')}>
        {save.error ? messageOf(save.error) : save.isSuccess ? t('isSaved') : ''}
      </p>
    </form>
  )
}

/** The site's funnels by name; the steps that are on screen can be saved as one. */
export const SavedFunnels = (props: {
  site: string
  chosen: string | undefined
  draft: Omit<NewFunnel, 'name'> | undefined
  onChoose: (funnel: Funnel | undefined) => void
  onSaved: (id: string) => void
}) => {
  const t = useTranslations('funnels')
  const question = useKept<Funnel>(props.site, 'funnels')
  const forget = useRemove(props.site, 'funnels')
  const { mayWrite } = useRights(props.site)
  const current = question.data?.find(({ id }) => id === props.chosen)
  return (
    <Card label={t('saved')} className="p-5 print:hidden">
      <div className="mb-3 flex items-center justify-between gap-2">
        <h2 className="text-base font-bold">{t('saved')}</h2>
        <button
          type="button"
          onClick={() => props.onChoose(undefined)}
          className="rounded-md px-2 py-1 text-xs font-medium text-accent hover:bg-raised"
        >
          {t('new')}
        </button>
      </div>
      <Answer question={question} loading={t('saved')} lines={2}>
        {(funnels) =>
          funnels.length === 0 ? (
            <p className="text-soft">{t('noneSaved')}</p>
          ) : (
            <ul className="max-h-48 space-y-0.5 overflow-y-auto">
              {funnels.map((funnel) => (
                <li key={funnel.id} className="group flex items-center gap-1">
                  <button
                    type="button"
                    aria-current={funnel.id === props.chosen}
                    onClick={() => props.onChoose(funnel)}
                    className="min-w-0 flex-1 truncate rounded-md px-2 py-1 text-left font-medium hover:bg-raised aria-[current=true]:bg-accent-soft"
                  >
                    {funnel.name}
                  </button>
                  {mayWrite && (
                    <button
                      type="button"
                      aria-label={t('forget', { name: funnel.name })}
                      disabled={forget.isPending}
                      onClick={() => {
                        if (confirm(t('forgetSure', { name: funnel.name }))) forget.mutate(funnel.id)
                      }}
                      className="rounded-md p-1.5 text-soft hover:bg-raised hover:text-bad"
                    >
                      <Trash2 size={15} aria-hidden />
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {forget.error && (
        <p role="alert" className="mt-1 text-xs text-bad">
          {messageOf(forget.error)}
        </p>
      )}
      {mayWrite && props.draft && (
        <Save key={current?.id} site={props.site} current={current} draft={props.draft} onSaved={props.onSaved} />
      )}
    </Card>
  )
}
