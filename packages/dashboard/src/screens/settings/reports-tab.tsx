import type { Filter, NewReport, Report } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatMoment } from '../../format.ts'
import { SelectField } from './fields.tsx'
import { KeptList } from './kept-list.tsx'
import { NameField } from './name-field.tsx'
import { filtersOf, SegmentSelect, segmentOf, useLimitText } from './segment-select.tsx'
import { type TargetDraft, TargetFields, targetDraftOf, targetOf, targetText } from './target-fields.tsx'
import { LastError, TestButton } from './test-button.tsx'

const everies = ['day', 'week', 'month'] as const
const usualHour = 8
const hours = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  name: `${String(hour).padStart(2, '0')}:00`,
}))

type Draft = TargetDraft & {
  name: string
  every: NewReport['every']
  hour: string
  segment: string
  filters: Filter[]
}

const draftOf = (report: Report | undefined): Draft => ({
  name: report?.name ?? '',
  every: report?.every ?? 'week',
  hour: String(report?.hour ?? usualHour),
  segment: segmentOf(report?.filters),
  filters: report?.filters ?? [],
  ...targetDraftOf(report?.target),
})

const bodyOf = (draft: Draft): NewReport => ({
  name: draft.name.trim(),
  every: draft.every,
  hour: Number(draft.hour),
  target: targetOf(draft),
  ...filtersOf(draft.segment, draft.filters),
})

export const ReportsTab = ({ site }: { site: string }) => {
  const words = useTranslations('settings.reports')
  const limitText = useLimitText(site)
  return (
    <KeptList<Report, Draft, NewReport>
      site={site}
      noun="reports"
      draftOf={draftOf}
      drafting={{
        bodyOf,
        fields: (draft, change, errorOf) => (
          <>
            <NameField draft={draft} change={change} errorOf={errorOf} />
            <div className="grid grid-cols-2 items-end gap-4">
              <SelectField
                label={words('every')}
                value={draft.every}
                onValue={(every) => change({ every })}
                options={everies.map((value) => ({ value, name: words(`everies.${value}`) }))}
              />
              <SelectField
                label={words('hour')}
                value={draft.hour}
                onValue={(hour) => change({ hour })}
                options={hours}
              />
            </div>
            <TargetFields draft={draft} change={change} errorOf={errorOf} />
            <SegmentSelect site={site} draft={draft} change={change} errorOf={errorOf} />
          </>
        ),
      }}
      nameOf={({ name }) => name}
      detail={({ every, hour = usualHour, target, filters, last_sent_at, last_error }) => (
        <>
          {words('says', {
            every: words(`everies.${every}`),
            hour: hours[hour]?.name ?? String(hour),
            target: targetText(target),
          })}
          {` · ${limitText(filters)} · `}
          {last_sent_at === null ? words('unsent') : words('sent', { when: formatMoment(last_sent_at) })}
          <LastError reason={last_error} />
        </>
      )}
      changes={({ id, name }) => <TestButton site={site} noun="reports" id={id} name={name} />}
    />
  )
}
