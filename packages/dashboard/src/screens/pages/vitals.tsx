import { type Filter, type VitalName, type VitalStats, vitalNames } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useVitals } from '../../api/behaviour.ts'
import { useSites } from '../../api/queries.ts'
import { Choice } from '../../components/choice.tsx'
import { Scrolling } from '../../components/scrolling.tsx'
import { formatCount, formatCountry, formatShare } from '../../format.ts'
import type { View } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { scopeOf } from '../behaviour/scope.ts'
import { Snippet } from '../behaviour/snippet.tsx'
import { type VitalsBy, vitalsBy } from './pages-search.ts'
import { formatVital, type Rating, ratingOf, thresholds } from './ratings.ts'

const most = 100
const toneOf: Record<Rating, string> = { good: 'text-good', fair: 'text-fair', poor: 'text-bad' }

const Distribution = ({ stats }: { stats: VitalStats }) => {
  const t = useTranslations('pages.vitals')
  const share = (count: number) => count / Math.max(1, stats.samples)
  const shares = { good: share(stats.good), fair: share(stats.fair), poor: share(stats.poor) }
  return (
    <div
      role="img"
      aria-label={t('distribution', {
        good: formatShare(shares.good),
        fair: formatShare(shares.fair),
        poor: formatShare(shares.poor),
      })}
      title={t('distribution', {
        good: formatShare(shares.good),
        fair: formatShare(shares.fair),
        poor: formatShare(shares.poor),
      })}
      className="flex h-2.5 gap-0.5 overflow-hidden rounded-full print:[print-color-adjust:exact]"
    >
      <span className="bg-good" style={{ width: `${100 * shares.good}%` }} />
      <span className="bg-fair" style={{ width: `${100 * shares.fair}%` }} />
      <span className="bg-bad" style={{ width: `${100 * shares.poor}%` }} />
    </div>
  )
}

const Vital = ({ stats }: { stats: VitalStats }) => {
  const t = useTranslations('pages.vitals')
  const { vital } = stats
  const rating = ratingOf(vital, stats.p75)
  const [good, poor] = thresholds[vital]
  return (
    <section data-vital={vital} aria-label={t(`names.${vital}`)} className="min-w-0 rounded-xl border border-line p-4">
      <h2 className="flex items-baseline justify-between gap-2">
        <span className="font-bold">{vital}</span>
        <span className={`text-xs font-semibold ${toneOf[rating]}`} data-rating={rating}>
          {t(`ratings.${rating}`)}
        </span>
      </h2>
      <p className="truncate text-xs text-soft" title={t(`names.${vital}`)}>
        {t(`names.${vital}`)}
      </p>
      <p className={`mt-2 mb-2 text-2xl font-bold ${toneOf[rating]}`} data-value={stats.p75} title={t('p75')}>
        {formatVital(vital, stats.p75)}
      </p>
      <Distribution stats={stats} />
      <p className="mt-2 text-xs text-soft">
        {t('percentiles', { p50: formatVital(vital, stats.p50), p95: formatVital(vital, stats.p95) })}
      </p>
      <p className="text-xs text-soft">
        {t('thresholds', { good: formatVital(vital, good), poor: formatVital(vital, poor) })}
      </p>
      <p className="text-xs text-soft">{t('samples', { count: stats.samples })}</p>
    </section>
  )
}

const Cell = ({ vital, stats }: { vital: VitalName; stats: VitalStats | undefined }) => {
  if (!stats || stats.samples === 0) return <td className="px-2 py-1.5 text-right text-soft">–</td>
  return (
    <td className={`px-2 py-1.5 text-right font-semibold ${toneOf[ratingOf(vital, stats.p75)]}`}>
      {formatVital(vital, stats.p75)}
    </td>
  )
}

/** How fast pages were for those who came, by Google's thresholds. */
export const Vitals = (props: { view: View; page: string | undefined; by: VitalsBy; onBy: (by: VitalsBy) => void }) => {
  const t = useTranslations('pages.vitals')
  const { view, page, by } = props
  const scriptPath = useSites(view.site).data?.script_path ?? '/clickwatch.js'
  const onPage: Filter[] = page ? [['is', 'event:page', [page]]] : []
  const question = useVitals({ ...scopeOf({ ...view, filters: [...view.filters, ...onPage] }), by, limit: most })
  const nameOf = (value: string) => (by === 'country' ? formatCountry(value) : value || t('unknown'))
  return (
    <Answer question={question} loading={t('loading')} lines={6}>
      {({ vitals, rows }) =>
        vitals.every(({ samples }) => samples === 0) ? (
          <Empty title={t('nothing')}>
            <p>{t('nothingHow')}</p>
            <Snippet>{`<script defer src="${location.origin}${scriptPath.replace(/\.js$/, '')}.vitals.js"></script>`}</Snippet>
          </Empty>
        ) : (
          <>
            <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-5">
              {vitals
                .filter(({ samples }) => samples > 0)
                .map((stats) => (
                  <Vital key={stats.vital} stats={stats} />
                ))}
            </div>
            <div className="mt-6 mb-2 flex flex-wrap items-center gap-2">
              <span className="text-soft">{t('by')}</span>
              <Choice
                label={t('by')}
                value={by}
                options={vitalsBy.map((value) => ({ value, name: t(`bys.${value}`) }))}
                onValue={props.onBy}
              />
            </div>
            <Scrolling label={t('table', { by: t(`bys.${by}`) })}>
              <table className="w-full min-w-xl text-left">
                <caption className="sr-only">{t('table', { by: t(`bys.${by}`) })}</caption>
                <thead className="text-xs text-soft">
                  <tr>
                    <th scope="col" className="py-1.5 font-medium">
                      {t(`bys.${by}`)}
                    </th>
                    {vitalNames.map((vital) => (
                      <th
                        key={vital}
                        scope="col"
                        className="px-2 py-1.5 text-right font-medium"
                        title={t(`names.${vital}`)}
                      >
                        {vital}
                      </th>
                    ))}
                    <th scope="col" className="py-1.5 pl-2 text-right font-medium">
                      n
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.value} data-row={row.value} className="border-t border-line">
                      <th scope="row" className="max-w-80 truncate py-1.5 font-normal">
                        {nameOf(row.value)}
                      </th>
                      {vitalNames.map((vital) => (
                        <Cell key={vital} vital={vital} stats={row.vitals.find((stats) => stats.vital === vital)} />
                      ))}
                      <td className="py-1.5 pl-2 text-right text-soft">
                        {formatCount(Math.max(0, ...row.vitals.map(({ samples }) => samples)))}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scrolling>
          </>
        )
      }
    </Answer>
  )
}
