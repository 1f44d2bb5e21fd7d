import type { Goal } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useRetention } from '../../api/behaviour.ts'
import { useKept } from '../../api/kept.ts'
import { Card } from '../../components/card.tsx'
import { Choice } from '../../components/choice.tsx'
import { searchOf, viewOf } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { Frame } from '../behaviour/frame.tsx'
import { changed, scopeOf } from '../behaviour/scope.ts'
import { Cohorts } from './cohorts.tsx'
import { Curve } from './curve.tsx'
import { type OwnSearch, periods, type RetentionSearch, readOwnSearch, usualPeriod } from './retention-search.ts'

/** Who comes again. */
const RetentionScreen = ({ search }: { search: RetentionSearch }) => {
  const t = useTranslations('retention')
  const view = viewOf(search)
  const own = readOwnSearch(search)
  const period = own.by ?? usualPeriod
  const navigate = useNavigate()
  const show = (next: RetentionSearch) => void navigate({ to: '/retention', search: next, resetScroll: false })
  const change = (part: { [Key in keyof OwnSearch]?: OwnSearch[Key] | undefined }) =>
    show(changed<RetentionSearch>(search, part))
  const { data: goals = [] } = useKept<Goal>(view.site, 'goals')
  const question = useRetention({ ...scopeOf(view), period, ...(own.goal ? { goal: own.goal } : {}) })
  return (
    <Frame title={t('title')} lead={t('lead')} view={view} onView={(next) => show({ ...own, ...searchOf(next) })}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 print:hidden">
        <Choice
          label={t('period')}
          value={period}
          options={periods.map((value) => ({ value, name: t(`periods.${value}`) }))}
          onValue={(by) => change({ by: by === usualPeriod ? undefined : by })}
        />
        <label className="flex items-center gap-2 text-soft">
          {t('returning')}
          <select
            value={own.goal ?? ''}
            onChange={(event) => change({ goal: event.target.value || undefined })}
            className="rounded-lg border border-line bg-card px-2 py-1.5 text-ink hover:bg-raised"
          >
            <option value="">{t('anyVisit')}</option>
            {goals.map(({ id, name }) => (
              <option key={id} value={id}>
                {t('goal', { name })}
              </option>
            ))}
          </select>
        </label>
        <Choice
          label={t('unit')}
          value={own.unit ?? 'share'}
          options={[
            { value: 'share', name: t('units.share') },
            { value: 'count', name: t('units.count') },
          ]}
          onValue={(unit) => change({ unit: unit === 'count' ? unit : undefined })}
        />
      </div>
      <Card label={t('title')} className="p-5">
        <Answer question={question} loading={t('loading')} lines={8}>
          {(answer) =>
            answer.cohorts.every(({ size }) => size === 0) ? (
              <Empty title={t('nothing')}>{t('nothingHow')}</Empty>
            ) : (
              <>
                {answer.curve.slice(1).filter((share) => share !== null).length > 1 && (
                  <div className="mb-5 border-b border-line pb-4">
                    <h2 className="mb-2 text-base font-bold">{t('curve')}</h2>
                    <Curve curve={answer.curve} period={period} />
                  </div>
                )}
                <Cohorts answer={answer} period={period} unit={own.unit ?? 'share'} />
                <p className="mt-3 text-xs text-soft">{t('cookieless')}</p>
              </>
            )
          }
        </Answer>
      </Card>
    </Frame>
  )
}
export default RetentionScreen
