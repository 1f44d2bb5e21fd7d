import type { SiteFileSettings, SiteSettings, SiteSettingsAnswer, SiteSettingsChange } from '@clickwatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useChangeSiteSettings, useSiteSettings } from '../../api/kept.ts'
import { Card } from '../../components/card.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { EndingPart } from './ending-part.tsx'
import { AreaField, errorsOf, numberIn, primary, SelectField, TextField } from './fields.tsx'

const lists = ['origins', 'exclude_addresses', 'exclude_pages', 'scrub_parameters'] as const
const layers = ['bronze', 'silver', 'gold', 'lake'] as const
const usualSessionMinutes = 30
const yesOrNo = ['otherwise', 'yes', 'no'] as const

/** What is typed: lists by line, and numbers as texts. */
type Draft = {
  identity: 'otherwise' | 'default' | 'cookieless'
  honours: (typeof yesOrNo)[number]
  rate: string
  lists: Record<(typeof lists)[number], string>
  keep: Record<(typeof layers)[number], string>
}

const draftOf = ({ identity, honours_signals, events_per_minute, keep_days, ...set }: SiteSettings): Draft => ({
  identity: identity ?? 'otherwise',
  honours: honours_signals === undefined ? 'otherwise' : honours_signals ? 'yes' : 'no',
  rate: events_per_minute === undefined ? '' : String(events_per_minute),
  lists: Object.fromEntries(lists.map((each) => [each, (set[each] ?? []).join('\n')])) as Draft['lists'],
  keep: Object.fromEntries(layers.map((each) => [each, String(keep_days?.[each] ?? '')])) as Draft['keep'],
})

const linesIn = (text: string): string[] | null => {
  const lines = text.split('\n').flatMap((line) => line.trim() || [])
  return lines.length === 0 ? null : lines
}

/** What is left empty is as the server has it. */
const changeOf = ({ identity, honours, rate, lists: typed, keep }: Draft): SiteSettingsChange => {
  const kept = Object.fromEntries(layers.flatMap((each) => (keep[each] === '' ? [] : [[each, numberIn(keep[each])]])))
  return {
    identity: identity === 'otherwise' ? null : identity,
    honours_signals: honours === 'otherwise' ? null : honours === 'yes',
    events_per_minute: numberIn(rate) ?? null,
    ...Object.fromEntries(lists.map((each) => [each, linesIn(typed[each])])),
    keep_days: Object.keys(kept).length === 0 ? null : kept,
  }
}

/** What makes a visit: in the server's file alone, since another rule means that history is made anew. */
const VisitRules = ({ session_minutes, campaign_begins_visit, aliases = [] }: SiteFileSettings) => {
  const t = useTranslations('settings.collection.file')
  return (
    <Card label={t('title')} className="p-5">
      <h2 className="text-base font-bold">{t('title')}</h2>
      <p className="mt-1 text-soft">{t('about')}</p>
      <ul className="mt-2 list-disc space-y-1 pl-5">
        <li>{t('silence', { minutes: session_minutes ?? usualSessionMinutes })}</li>
        <li>{campaign_begins_visit ? t('campaignBegins') : t('campaignGoesOn')}</li>
        {aliases.length > 0 && <li className="wrap-anywhere">{t('aliases', { aliases: aliases.join(', ') })}</li>}
      </ul>
    </Card>
  )
}

const CollectionForm = ({ site, set, otherwise }: SiteSettingsAnswer) => {
  const t = useTranslations('settings')
  const [draft, setDraft] = useState(draftOf(set))
  const save = useChangeSiteSettings(site)
  const errorOf = errorsOf(save.error)
  const change = (part: Partial<Draft>) => {
    save.reset()
    setDraft((before) => ({ ...before, ...part }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(changeOf(draft))
  }
  const withOtherwise = (hint: string, value: unknown): string =>
    value === undefined ? hint : `${hint} ${t('collection.otherwise', { value: [value].flat().join(', ') })}`
  return (
    <form onSubmit={submit} aria-label={t('tabs.collection')} className="group/form space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {lists.map((each) => (
          <AreaField
            key={each}
            label={t(`collection.${each}`)}
            hint={withOtherwise(t(`collection.${each}Hint`), otherwise[each])}
            value={draft.lists[each]}
            onValue={(text) => change({ lists: { ...draft.lists, [each]: text } })}
            error={errorOf(each)}
            maxLength={20_000}
          />
        ))}
        <SelectField
          label={t('collection.identity')}
          hint={withOtherwise(
            t('collection.identityHint'),
            otherwise.identity && t(`collection.identities.${otherwise.identity}`),
          )}
          value={draft.identity}
          onValue={(identity) => change({ identity })}
          error={errorOf('identity')}
          options={(['otherwise', 'default', 'cookieless'] as const).map((value) => ({
            value,
            name: t(`collection.identities.${value}`),
          }))}
        />
        <SelectField
          label={t('collection.honours')}
          hint={withOtherwise(
            t('collection.honoursHint'),
            otherwise.honours_signals === undefined
              ? undefined
              : t(`collection.yesOrNo.${otherwise.honours_signals ? 'yes' : 'no'}`),
          )}
          value={draft.honours}
          onValue={(honours) => change({ honours })}
          error={errorOf('honours_signals')}
          options={yesOrNo.map((value) => ({ value, name: t(`collection.yesOrNo.${value}`) }))}
        />
        <TextField
          label={t('collection.rate')}
          hint={withOtherwise(t('collection.rateHint'), otherwise.events_per_minute)}
          type="number"
          min={1}
          value={draft.rate}
          onValue={(rate) => change({ rate })}
          error={errorOf('events_per_minute')}
        />
      </div>
      <fieldset>
        <legend className="font-medium">{t('collection.keep')}</legend>
        <p className="text-sm text-soft">{t('collection.keepHint')}</p>
        <div className="mt-2 grid grid-cols-2 gap-4 sm:grid-cols-4">
          {layers.map((each) => (
            <TextField
              key={each}
              label={t(`collection.layers.${each}`)}
              hint={
                otherwise.keep_days?.[each] === undefined
                  ? undefined
                  : t('collection.otherwise', { value: String(otherwise.keep_days[each]) })
              }
              type="number"
              min={1}
              max={36_500}
              value={draft.keep[each]}
              onValue={(days) => change({ keep: { ...draft.keep, [each]: days } })}
              error={errorOf(`keep_days/${each}`)}
            />
          ))}
        </div>
      </fieldset>
      {save.error && (
        <p role="alert" className="text-bad group-has-[[data-field-error]]/form:hidden">
          {save.error.message}
        </p>
      )}
      <div className="flex items-center gap-3">
        <button type="submit" disabled={save.isPending} className={primary}>
          {save.isPending ? t('saving') : t('save')}
        </button>
        <span role="status">{save.isSuccess && t('collection.saved')}</span>
      </div>
    </form>
  )
}

/** What is taken in of a site, for how long it is kept, and how all of it goes. */
export const CollectionTab = ({ site }: { site: string }) => {
  const t = useTranslations('settings')
  const { data, error, refetch } = useSiteSettings(site)
  return (
    <div className="space-y-4">
      <p className="text-soft">{t('collection.about')}</p>
      <Card label={t('tabs.collection')} className="p-5">
        {data ? (
          <CollectionForm key={data.site} {...data} />
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={6} label={t('loading')} />
        )}
      </Card>
      {data && <VisitRules {...data.only_in_file} />}
      {data && <EndingPart site={site} />}
    </div>
  )
}
