import type { SiteViewAnswer } from '@clickwatch/contract'
import { type FormEvent, useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { useChangeSiteView, useSiteView } from '../../api/kept.ts'
import { useRights } from '../../api/rights.ts'
import { Card } from '../../components/card.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { AddSite } from './add-site.tsx'
import { ExportRows } from './export-rows.tsx'
import { errorsOf, primary, SelectField, TextField } from './fields.tsx'
import { OnPages } from './on-pages.tsx'
import { timeZones } from './time-zones.ts'

const currencies = Intl.supportedValuesOf('currency')

/** The days of the week as the reader calls them; 1 is Monday. */
const useWeekdays = (): { value: string; name: string }[] => {
  const format = new Intl.DateTimeFormat(useLocale(), { weekday: 'long', timeZone: 'UTC' })
  // The first of January 2024 was a Monday.
  return Array.from({ length: 7 }, (_, day) => ({
    value: String(day + 1),
    name: format.format(Date.UTC(2024, 0, 1 + day)),
  }))
}

const SiteForm = ({ view, mayWrite }: { view: SiteViewAnswer; mayWrite: boolean }) => {
  const t = useTranslations('settings')
  const [{ name, timezone, week_start, currency }, setDraft] = useState(view)
  const save = useChangeSiteView(view.site)
  const errorOf = errorsOf(save.error)
  const weekdays = useWeekdays()
  const set = (change: Partial<SiteViewAnswer>) => {
    save.reset()
    setDraft((draft) => ({ ...draft, ...change }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ name, timezone, week_start, currency })
  }
  return (
    <form onSubmit={submit} aria-label={t('tabs.site')} className="space-y-4">
      <fieldset disabled={!mayWrite} className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('site.name')}
          value={name}
          onValue={(next) => set({ name: next })}
          error={errorOf('name')}
          isRequired
        />
        <TextField
          label={t('site.timezone')}
          hint={t('site.timezoneHint')}
          value={timezone}
          onValue={(next) => set({ timezone: next })}
          error={errorOf('timezone')}
          list={timeZones}
          isRequired
        />
        <SelectField
          label={t('site.weekStart')}
          value={String(week_start)}
          onValue={(next) => set({ week_start: Number(next) })}
          error={errorOf('week_start')}
          options={weekdays}
        />
        <TextField
          label={t('site.currency')}
          hint={t('site.currencyHint')}
          value={currency}
          onValue={(next) => set({ currency: next.toUpperCase() })}
          error={errorOf('currency')}
          list={currencies}
          isRequired
        />
      </fieldset>
      {save.error && ['name', 'timezone', 'week_start', 'currency'].every((field) => !errorOf(field)) && (
        <p role="alert" className="text-bad">
          {save.error.message}
        </p>
      )}
      {mayWrite && (
        <div className="flex items-center gap-3">
          <button type="submit" disabled={save.isPending} className={primary}>
            {save.isPending ? t('saving') : t('save')}
          </button>
          <span role="status">{save.isSuccess && t('site.saved')}</span>
        </div>
      )}
    </form>
  )
}

export const SiteTab = ({ site }: { site: string }) => {
  const t = useTranslations('settings')
  const { data, error, refetch } = useSiteView(site)
  const { mayWrite, mayManageAll } = useRights(site)
  return (
    <div className="space-y-4">
      <p className="text-soft">{t('site.about')}</p>
      <Card label={t('tabs.site')} className="p-5">
        {data ? (
          <SiteForm key={data.site} view={data} mayWrite={mayWrite} />
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={4} label={t('loading')} />
        )}
      </Card>
      <OnPages site={site} />
      <ExportRows site={site} />
      {mayManageAll && <AddSite />}
    </div>
  )
}
