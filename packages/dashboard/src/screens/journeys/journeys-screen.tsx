import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useJourneys } from '../../api/behaviour.ts'
import { Card } from '../../components/card.tsx'
import { Choice } from '../../components/choice.tsx'
import { Suggest } from '../../components/suggest.tsx'
import { searchOf, viewOf } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { Frame } from '../behaviour/frame.tsx'
import { changed } from '../behaviour/scope.ts'
import { useValues } from '../behaviour/values.ts'
import {
  type JourneysSearch,
  journeysQueryOf,
  type OwnSearch,
  perStepChoices,
  readOwnSearch,
  stepChoices,
  usualPerStep,
  usualSteps,
} from './journeys-search.ts'
import { Sankey } from './sankey.tsx'
import { WaysTable } from './ways-table.tsx'

const field = 'rounded-lg border border-line bg-card px-2 py-1.5 text-ink hover:bg-raised'

/** The ways through the site, from a page on or up to one. */
const JourneysScreen = ({ search }: { search: JourneysSearch }) => {
  const t = useTranslations('journeys')
  const view = viewOf(search)
  const own = readOwnSearch(search)
  const navigate = useNavigate()
  const show = (next: JourneysSearch) => void navigate({ to: '/journeys', search: next, resetScroll: false })
  const change = (part: { [Key in keyof OwnSearch]?: OwnSearch[Key] | undefined }) =>
    show(changed<JourneysSearch>(search, part))
  const pages = useValues(view, 'event:page')
  const question = useJourneys(journeysQueryOf(view, own))
  // Ways up to a page need one; without it they are told from where people came in.
  const isBackwards = own.towards === 'to' && own.page !== undefined
  return (
    <Frame title={t('title')} lead={t('lead')} view={view} onView={(next) => show({ ...own, ...searchOf(next) })}>
      <Card label={t('title')} className="p-5">
        <div className="mb-5 flex flex-wrap items-center gap-x-4 gap-y-2 print:hidden">
          <Choice
            label={t('direction')}
            value={own.towards ?? 'from'}
            options={[
              { value: 'from', name: t('from') },
              { value: 'to', name: t('to') },
            ]}
            onValue={(towards) => change({ towards: towards === 'to' ? towards : undefined })}
          />
          <Suggest
            label={t('page')}
            value={own.page ?? ''}
            suggestions={pages}
            placeholder={own.towards === 'to' ? t('whichEnd') : t('anyEntry')}
            onValue={(page) => change({ page: page || undefined })}
            className="w-56"
          />
          <label className="flex items-center gap-2 text-soft">
            {t('steps')}
            <select
              value={own.steps ?? usualSteps}
              onChange={(event) => change({ steps: Number(event.target.value) })}
              className={field}
            >
              {stepChoices.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
          <label className="flex items-center gap-2 text-soft">
            {t('perStep')}
            <select
              value={own.wide ?? usualPerStep}
              onChange={(event) => change({ wide: Number(event.target.value) })}
              className={field}
            >
              {perStepChoices.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
          {own.page && (
            <button
              type="button"
              onClick={() => change({ page: undefined, towards: undefined })}
              className="rounded-md px-2 py-1 font-medium text-accent hover:bg-raised"
            >
              {t('all')}
            </button>
          )}
        </div>
        <Answer question={question} loading={t('loading')} lines={8}>
          {(answer) =>
            answer.visits === 0 || answer.nodes.length === 0 ? (
              <Empty title={t('nothing')}>{t('nothingHow')}</Empty>
            ) : (
              <>
                <p className="mb-3 font-semibold" data-visits={answer.visits}>
                  {t('visits', { count: answer.visits })}
                </p>
                <div className="max-sm:hidden">
                  <Sankey answer={answer} isBackwards={isBackwards} onPage={(page) => change({ page })} />
                  <details className="mt-4 border-t border-line pt-3">
                    <summary className="cursor-pointer font-medium text-accent">{t('table')}</summary>
                    <div className="mt-2">
                      <WaysTable answer={answer} isBackwards={isBackwards} />
                    </div>
                  </details>
                </div>
                <div className="sm:hidden">
                  <WaysTable answer={answer} isBackwards={isBackwards} />
                </div>
              </>
            )
          }
        </Answer>
      </Card>
    </Frame>
  )
}
export default JourneysScreen
