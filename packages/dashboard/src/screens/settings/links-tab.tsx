import { type Filter, type Link, type NamedRange, type NewLink, namedRanges } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatDay, formatMoment } from '../../format.ts'
import { CopyButton } from './copy-button.tsx'
import { SelectField, TextField } from './fields.tsx'
import { KeptList } from './kept-list.tsx'
import { NameField } from './name-field.tsx'
import { filtersOf, SegmentSelect, segmentOf, useLimitText } from './segment-select.tsx'

type Draft = {
  name: string
  password: string
  hasPassword: boolean
  expires: string
  range: NamedRange | ''
  segment: string
  filters: Filter[]
}

const draftOf = (link: Link | undefined): Draft => ({
  name: link?.name ?? '',
  password: '',
  hasPassword: link?.has_password ?? false,
  expires: link?.expires_at ?? '',
  range: typeof link?.date_range === 'string' ? link.date_range : '',
  segment: segmentOf(link?.filters),
  filters: link?.filters ?? [],
})

const bodyOf = ({ name, password, expires, range, segment, filters }: Draft): NewLink => ({
  name: name.trim(),
  ...(password === '' ? {} : { password }),
  ...(expires === '' ? {} : { expires_at: expires }),
  ...(range === '' ? {} : { date_range: range }),
  ...filtersOf(segment, filters),
})

const addressOf = (path: string): string => new URL(path, window.location.href).href
const frameOf = ({ path, name }: Link): string => {
  const title = name.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return `<iframe src="${addressOf(path)}?embed=1" title="${title}" width="100%" height="1600" style="border:0" loading="lazy"></iframe>`
}

export const LinksTab = ({ site }: { site: string }) => {
  const words = useTranslations('settings.links')
  const ranges = useTranslations('names.ranges')
  const limitText = useLimitText(site)
  const detail = (link: Link): string =>
    [
      limitText(link.filters),
      typeof link.date_range === 'string' && ranges(link.date_range),
      link.has_password && words('hasPassword'),
      link.expires_at && words('until', { day: formatDay(link.expires_at) }),
      link.last_used_at ? words('used', { when: formatMoment(link.last_used_at) }) : words('unused'),
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <KeptList<Link, Draft, NewLink>
      site={site}
      noun="links"
      draftOf={draftOf}
      drafting={{
        bodyOf,
        fields: (draft, change, errorOf) => (
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
            <SelectField<NamedRange | ''>
              label={words('range')}
              value={draft.range}
              onValue={(range) => change({ range })}
              error={errorOf('date_range')}
              options={[
                { value: '', name: words('anyRange') },
                ...namedRanges.map((value) => ({ value, name: ranges(value) })),
              ]}
            />
            <SegmentSelect site={site} draft={draft} change={change} errorOf={errorOf} />
          </>
        ),
      }}
      nameOf={({ name }) => name}
      detail={detail}
      actions={(link) => (
        <>
          <CopyButton
            text={addressOf(link.path)}
            label={words('copy')}
            name={words('copyNamed', { name: link.name })}
          />
          <CopyButton
            text={frameOf(link)}
            label={words('copyEmbed')}
            name={words('copyEmbedNamed', { name: link.name })}
          />
        </>
      )}
    />
  )
}
