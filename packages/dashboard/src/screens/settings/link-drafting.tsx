import { type DateRange, type Filter, type Link, type NewLink, namedRanges } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatDay, formatMoment } from '../../format.ts'
import { CopyButton } from './copy-button.tsx'
import { SelectField, TextField } from './fields.tsx'
import type { Drafting } from './keeping-form.tsx'
import { NameField } from './name-field.tsx'
import { filtersOf, SegmentSelect, segmentOf } from './segment-select.tsx'

/** A link as it is typed. One to an idea shows its report as it is: it has neither a period nor a segment. */
export type LinkDraft = {
  name: string
  password: string
  hasPassword: boolean
  expires: string
  idea: string | undefined
  range: DateRange | undefined
  segment: string
  filters: Filter[]
}

/** @param idea which a new one is to show; the dashboard when left out */
export const linkDraftOf =
  (idea?: string) =>
  (link: Link | undefined): LinkDraft => ({
    name: link?.name ?? '',
    password: '',
    hasPassword: link?.has_password ?? false,
    expires: link?.expires_at ?? '',
    idea: link ? link.idea : idea,
    range: link?.date_range,
    segment: segmentOf(link?.filters),
    filters: link?.filters ?? [],
  })

const bodyOf = ({ name, password, expires, idea, range, segment, filters }: LinkDraft): NewLink => ({
  name: name.trim(),
  ...(password === '' ? {} : { password }),
  ...(expires === '' ? {} : { expires_at: expires }),
  ...(idea === undefined ? {} : { idea }),
  ...(range === undefined ? {} : { date_range: range }),
  ...filtersOf(segment, filters),
})

/** Of a range of its own, its first and its last day. */
const daysOf = ([from, to]: [string, string]): string =>
  `${formatDay(from.slice(0, 10))} – ${formatDay(to.slice(0, 10))}`

export const useRangeText = (): ((range: DateRange) => string) => {
  const ranges = useTranslations('names.ranges')
  return (range) => (typeof range === 'string' ? ranges(range) : daysOf(range))
}

export const useLinkDrafting = (site: string): Drafting<LinkDraft, NewLink> => {
  const words = useTranslations('settings.links')
  const rangeText = useRangeText()
  const custom = (range: DateRange | undefined): [string, string] | undefined =>
    typeof range === 'object' ? range : undefined
  return {
    bodyOf,
    fields: (draft, change, errorOf) => {
      const own = custom(draft.range)
      return (
        <>
          <NameField draft={draft} change={change} errorOf={errorOf} />
          <TextField
            label={draft.hasPassword ? words('passwordKept') : words('password')}
            type="password"
            value={draft.password}
            onValue={(password) => change({ password })}
            error={errorOf('password')}
          />
          <TextField
            label={words('expires')}
            type="date"
            value={draft.expires}
            onValue={(expires) => change({ expires })}
            error={errorOf('expires_at')}
          />
          {draft.idea === undefined && (
            <>
              <SelectField<string>
                label={words('range')}
                value={typeof draft.range === 'string' ? draft.range : own ? own.join(' ') : ''}
                onValue={(value) =>
                  change({ range: value === own?.join(' ') ? own : namedRanges.find((name) => name === value) })
                }
                error={errorOf('date_range')}
                options={[
                  { value: '', name: words('anyRange') },
                  ...(own ? [{ value: own.join(' '), name: rangeText(own) }] : []),
                  ...namedRanges.map((value) => ({ value, name: rangeText(value) })),
                ]}
              />
              <SegmentSelect site={site} draft={draft} change={change} errorOf={errorOf} />
            </>
          )}
        </>
      )
    },
  }
}

/** What protects a link, and whether anybody used it. */
export const useLinkDetail = (): ((link: Link) => string[]) => {
  const words = useTranslations('settings.links')
  return ({ has_password, expires_at, last_used_at }) => [
    ...(has_password ? [words('hasPassword')] : []),
    ...(expires_at ? [words('until', { day: formatDay(expires_at) })] : []),
    last_used_at ? words('used', { when: formatMoment(last_used_at) }) : words('unused'),
  ]
}

export const addressOf = (path: string): string => new URL(path, window.location.href).href

export const CopyLink = ({ link }: { link: Link }) => {
  const words = useTranslations('settings.links')
  return <CopyButton text={addressOf(link.path)} label={words('copy')} name={words('copyNamed', { name: link.name })} />
}
