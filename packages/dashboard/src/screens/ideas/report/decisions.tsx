import { decisionKinds, type Idea } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useDecide } from '../../../api/ideas.ts'
import { Choice } from '../../../components/choice.tsx'
import { useSiteTime } from '../../behaviour/use-site-time.ts'
import { AreaField, errorsOf, primary } from '../../settings/fields.tsx'
import { siteSearch } from '../ideas-frame.tsx'
import type { Reader } from './reader.ts'
import { Section } from './section.tsx'

type Kind = (typeof decisionKinds)[number]

const Decide = ({ site, id, leaning }: { site: string; id: string; leaning: Kind }) => {
  const t = useTranslations('ideaReport.decisions')
  const kinds = useTranslations('ideas.decisions')
  const decide = useDecide(site, id)
  const [kind, setKind] = useState<Kind>(leaning)
  const [why, setWhy] = useState('')
  const [isMissing, setIsMissing] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsMissing(why.trim() === '')
    if (why.trim() !== '') decide.mutate({ decision: kind, why: why.trim() }, { onSuccess: () => setWhy('') })
  }
  const errorOf = errorsOf(decide.error)
  return (
    <form onSubmit={submit} aria-label={t('make')} className="space-y-3 print:hidden">
      <Choice<Kind>
        label={t('decision')}
        value={kind}
        options={decisionKinds.map((value) => ({ value, name: kinds(value) }))}
        onValue={setKind}
      />
      <AreaField
        label={t('why')}
        hint={t('whyHint')}
        rows={2}
        value={why}
        onValue={setWhy}
        error={isMissing && why.trim() === '' ? t('whyMissing') : errorOf('why')}
      />
      {decide.error && !errorOf('why') && (
        <p role="alert" className="text-bad">
          {decide.error.message}
        </p>
      )}
      <button type="submit" disabled={decide.isPending} className={primary}>
        {decide.isPending ? t('keeping') : t('keep')}
      </button>
    </form>
  )
}

/** What was decided, when, why, and against which data; and the way to decide now. */
export const Decisions = (props: { site: string; idea: Idea; leaning: Kind; reader: Reader }) => {
  const { site, idea, leaning, reader } = props
  const t = useTranslations('ideaReport.decisions')
  const kinds = useTranslations('ideas.decisions')
  const { moment } = useSiteTime(site)
  return (
    <Section title={t('title')} about={t('about')} className={idea.decisions.length === 0 ? 'print:hidden' : ''}>
      {idea.decisions.length > 0 && (
        <ol className="mb-5 space-y-3 print:mb-0">
          {idea.decisions.toReversed().map(({ id, decision, why, at }) => (
            <li key={id} data-decision={decision} className="border-b border-line pb-3 last:border-b-0">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <strong>{kinds(decision)}</strong>
                <time dateTime={at} className="text-soft">
                  {moment(at)}
                </time>
                {reader !== 'guest' && (
                  <Link
                    to="/ideas/$id"
                    params={{ id: idea.id }}
                    search={{ ...siteSearch(site), decision: id }}
                    className="ml-auto font-medium text-accent hover:underline print:hidden"
                  >
                    {t('asItWas')}
                  </Link>
                )}
              </p>
              <p className="wrap-anywhere text-soft">“{why}”</p>
            </li>
          ))}
        </ol>
      )}
      {reader !== 'owner' ? (
        idea.decisions.length === 0 && <p className="text-soft">{t('none')}</p>
      ) : (
        <Decide site={site} id={idea.id} leaning={leaning} />
      )}
    </Section>
  )
}
