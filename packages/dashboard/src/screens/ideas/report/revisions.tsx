import type { IdeaRevision, LockedField } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useSiteTime } from '../../behaviour/use-site-time.ts'
import { Section } from './section.tsx'
import { useFixedText } from './use-fixed-text.ts'

type Fixed = Parameters<typeof useFixedText>[0]

const Revised = (props: { site: string; revision: IdeaRevision; after: Fixed }) => {
  const { site, revision, after } = props
  const t = useTranslations('ideaReport.revisions')
  const fields = useTranslations('ideas.fields')
  const { moment } = useSiteTime(site)
  const [was, became] = [useFixedText(revision.before), useFixedText(after)]
  return (
    <li className="border-b border-line pb-3 last:border-b-0" data-revision={revision.at}>
      <p>
        <time dateTime={revision.at} className="font-semibold">
          {moment(revision.at)}
        </time>{' '}
        <span className="text-soft">
          {t('changed', { fields: revision.changed.map((field) => fields(field)).join(', ') })}
        </span>
      </p>
      <p className="wrap-anywhere">“{revision.why}”</p>
      <dl className="mt-1 text-sm text-soft">
        {revision.changed.map((field: LockedField) => (
          <div key={field}>
            <dt className="inline font-medium">{fields(field)}: </dt>
            <dd className="inline wrap-anywhere">
              <del>{was[field]}</del> → <ins className="text-ink no-underline">{became[field]}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

/** What was changed of what is locked, each with the day and the reason; the count began anew each time. */
export const Revisions = (props: { site: string; revisions: readonly IdeaRevision[]; idea: Fixed }) => {
  const { site, revisions, idea } = props
  const t = useTranslations('ideaReport.revisions')
  if (revisions.length === 0) return null
  return (
    <Section title={t('title')} about={t('about')}>
      <ol className="space-y-3">
        {revisions
          .map((revision, place) => (
            <Revised key={revision.at} site={site} revision={revision} after={revisions[place + 1]?.before ?? idea} />
          ))
          .toReversed()}
      </ol>
    </Section>
  )
}
