import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAddSite } from '../../api/kept.ts'
import { Card } from '../../components/card.tsx'
import { errorsOf, secondary, TextField } from './fields.tsx'
import { timeZones } from './time-zones.ts'

const nothing = { site: '', name: '', domain: '', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }

/** Adds a site, and leads to the snippet that is to be put on its pages. */
export const AddSite = () => {
  const t = useTranslations('settings')
  const navigate = useNavigate()
  const [draft, setDraft] = useState(nothing)
  const adding = useAddSite()
  const errorOf = errorsOf(adding.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { site, timezone, name, domain } = draft
    adding.mutate(
      { site, timezone, ...(name === '' ? {} : { name }), ...(domain === '' ? {} : { domain }) },
      { onSuccess: () => void navigate({ to: '/', search: { site } }) },
    )
  }
  return (
    <Card label={t('addSite.title')} className="p-5">
      <form onSubmit={submit} aria-label={t('addSite.title')} className="group/form space-y-4">
        <h2 className="text-base font-bold">{t('addSite.title')}</h2>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('addSite.site')}
            hint={t('addSite.siteHint')}
            value={draft.site}
            onValue={(site) => setDraft({ ...draft, site })}
            error={errorOf('site')}
            maxLength={100}
            isRequired
          />
          <TextField
            label={t('site.name')}
            hint={t('addSite.nameHint')}
            value={draft.name}
            onValue={(name) => setDraft({ ...draft, name })}
            error={errorOf('name')}
            maxLength={100}
          />
          <TextField
            label={t('addSite.domain')}
            hint={t('addSite.domainHint')}
            value={draft.domain}
            onValue={(domain) => setDraft({ ...draft, domain })}
            error={errorOf('domain')}
            maxLength={253}
          />
          <TextField
            label={t('site.timezone')}
            hint={t('site.timezoneHint')}
            value={draft.timezone}
            onValue={(timezone) => setDraft({ ...draft, timezone })}
            error={errorOf('timezone')}
            list={timeZones}
            isRequired
          />
        </div>
        {adding.error && (
          <p role="alert" className="text-bad group-has-[[data-field-error]]/form:hidden">
            {adding.error.message}
          </p>
        )}
        <button type="submit" disabled={adding.isPending} className={secondary}>
          {t('addSite.action')}
        </button>
      </form>
    </Card>
  )
}
