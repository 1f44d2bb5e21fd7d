import type { Funnel, Goal } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useFunnel } from '../../api/behaviour.ts'
import { useKept } from '../../api/kept.ts'
import { Card } from '../../components/card.tsx'
import { formatShare } from '../../format.ts'
import { searchOf, type View, viewOf } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { Frame } from '../behaviour/frame.tsx'
import { changed } from '../behaviour/scope.ts'
import { useValues } from '../behaviour/values.ts'
import { Bars } from './bars.tsx'
import { BreakdownTable } from './breakdown-table.tsx'
import { Builder } from './builder.tsx'
import {
  builtOf,
  type FunnelSearch,
  funnelQueryOf,
  type OwnSearch,
  pairsOf,
  readOwnSearch,
  savedQueryOf,
  usualWindow,
} from './funnel-search.ts'
import { LeftHere } from './left-here.tsx'
import { Numbers } from './numbers.tsx'
import { SavedFunnels } from './saved-funnels.tsx'
import { type DraftStep, readSteps } from './step.ts'
import { WrittenSteps } from './written-steps.tsx'

const blank: DraftStep[] = [
  { kind: 'page', value: '' },
  { kind: 'page', value: '' },
]

/** Steps put together, saved and counted. */
const FunnelsScreen = ({ search }: { search: FunnelSearch }) => {
  const t = useTranslations('funnels')
  const view = viewOf(search)
  const own = readOwnSearch(search)
  const navigate = useNavigate()
  const show = (next: FunnelSearch) => void navigate({ to: '/funnels', search: next, resetScroll: false })
  const change = (part: { [Key in keyof OwnSearch]?: OwnSearch[Key] | undefined }) =>
    show(changed<FunnelSearch>(search, part))
  const steps = own.steps ? readSteps(own.steps) : blank
  const setSteps = (next: DraftStep[]) => change({ steps: pairsOf(next), left: undefined })
  const { data: funnels = [] } = useKept<Funnel>(view.site, 'funnels')
  const saved = funnels.find(({ id }) => id === own.funnel)
  const written = saved && !own.steps && !builtOf(saved) ? saved : undefined
  const query = written
    ? savedQueryOf(view, written, own.by)
    : funnelQueryOf(view, steps, own, (kind, value) => t(`named.${kind}`, { value }))
  const question = useFunnel(query)
  const { data: goals = [] } = useKept<Goal>(view.site, 'goals')
  const pages = useValues(view, 'event:page')

  const choose = (funnel: Funnel | undefined) => {
    const built = funnel && builtOf(funnel)
    change({
      funnel: funnel?.id,
      steps: built && pairsOf(built.steps),
      order: built?.order,
      within: built?.within,
      left: undefined,
    })
  }
  const onView = (next: View) => show({ ...own, ...searchOf(next) })
  const { by } = own

  return (
    <Frame title={t('title')} lead={t('lead')} view={view} onView={onView}>
      <div className="grid items-start gap-4 lg:grid-cols-3">
        <Card label={t('steps')} className="p-5 lg:col-span-2">
          <h2 className="mb-3 text-base font-bold">{t('steps')}</h2>
          {written ? (
            <WrittenSteps funnel={written} goals={goals} />
          ) : (
            <Builder view={view} goals={goals} steps={steps} own={own} onSteps={setSteps} onOwn={change} />
          )}
        </Card>
        <SavedFunnels
          site={view.site}
          chosen={own.funnel}
          draft={
            written || !query
              ? undefined
              : {
                  steps: query.steps,
                  order: query.order ?? 'open',
                  window_s: query.window_s ?? Number(usualWindow),
                }
          }
          onChoose={choose}
          onSaved={(id) => change({ funnel: id })}
        />
      </div>
      {!query ? (
        <Card className="p-5">
          <Empty title={t('begin')}>
            <p>{t('beginHow')}</p>
            {pages.length > 1 && (
              <button
                type="button"
                onClick={() => setSteps(pages.slice(0, 2).map((value) => ({ kind: 'page', value })))}
                className="mt-4 rounded-lg bg-accent px-3 py-1.5 font-medium text-on-accent"
              >
                {t('tryOne')}
              </button>
            )}
          </Empty>
        </Card>
      ) : (
        <Card label={t('title')} className="p-5">
          <Answer question={question} loading={t('loading')} lines={8}>
            {(funnel) =>
              (funnel.steps[0]?.visitors ?? 0) === 0 ? (
                <Empty title={t('noBeginners')}>{t('noBeginnersHow')}</Empty>
              ) : (
                <>
                  <p className="mb-4 text-soft">
                    {t('overall', { share: formatShare((funnel.steps.at(-1)?.total_rate ?? 0) / 100) })}
                  </p>
                  <Bars
                    steps={funnel.steps}
                    left={own.left}
                    onLeft={(step) => change({ left: own.left === step ? undefined : step })}
                  />
                  <details className="mt-5 border-t border-line pt-3 print:hidden">
                    <summary className="cursor-pointer font-medium text-accent">{t('table.caption')}</summary>
                    <div className="mt-2">
                      <Numbers steps={funnel.steps} />
                    </div>
                  </details>
                  {by && funnel.breakdown.length > 0 && (
                    <div className="mt-5 border-t border-line pt-4">
                      <BreakdownTable by={by} rows={funnel.breakdown} />
                    </div>
                  )}
                </>
              )
            }
          </Answer>
        </Card>
      )}
      {query && own.left !== undefined && own.left < query.steps.length - 1 && (
        <LeftHere
          view={view}
          query={query}
          step={own.left}
          name={question.data?.steps[own.left]?.name ?? t('step', { number: own.left + 1 })}
          onClose={() => change({ left: undefined })}
        />
      )}
    </Frame>
  )
}
export default FunnelsScreen
