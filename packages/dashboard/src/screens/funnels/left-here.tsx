import type { FunnelQuery } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFunnelDropped } from '../../api/behaviour.ts'
import { Card } from '../../components/card.tsx'
import { Heading } from '../../components/heading.tsx'
import { Scrolling } from '../../components/scrolling.tsx'
import { Nothing } from '../../components/states.tsx'
import { formatCountry, formatExact } from '../../format.ts'
import { sharedSearchOf, type View } from '../../view.ts'
import { Answer } from '../behaviour/answer.tsx'
import { useSiteTime } from '../behaviour/use-site-time.ts'
import { visitorName } from '../behaviour/visitor-name.ts'

const most = 100

/** Who came to a step and not to the next, and where they went instead. */
export const LeftHere = (props: {
  view: View
  query: FunnelQuery
  step: number
  name: string
  onClose: () => void
}) => {
  const t = useTranslations('funnels')
  const { moment } = useSiteTime(props.view.site)
  const { breakdown: _by, ...funnel } = props.query
  const question = useFunnelDropped({ ...funnel, step: props.step, limit: most })
  return (
    <Card label={t('droppedTitle', { step: props.name })} className="p-5">
      <div className="mb-3 flex items-start justify-between gap-2">
        <h2 className="text-base font-bold">{t('droppedTitle', { step: props.name })}</h2>
        <button
          type="button"
          onClick={props.onClose}
          aria-label={t('close')}
          className="rounded-md p-1 hover:bg-raised"
        >
          <X size={18} aria-hidden />
        </button>
      </div>
      <Answer question={question} loading={t('loadingDropped')}>
        {({ total, visitors, next_pages }) =>
          total === 0 ? (
            <Nothing>{t('droppedNobody')}</Nothing>
          ) : (
            <div className="grid gap-6 lg:grid-cols-3">
              <section className="lg:col-span-2">
                <p className="mb-2 text-soft" data-left={total}>
                  {t('droppedTotal', { count: total })}
                  {total > visitors.length && <> {t('more', { count: visitors.length })}</>}
                </p>
                <Scrolling label={t('whoDropped')} className="max-h-96">
                  <table className="w-full text-left">
                    <thead className="text-xs text-soft">
                      <tr>
                        <Heading>{t('visitor')}</Heading>
                        <Heading>{t('lastSeen')}</Heading>
                        <Heading isNumber isOnlyWide>
                          {t('visits')}
                        </Heading>
                        <Heading isOnlyWide>{t('source')}</Heading>
                      </tr>
                    </thead>
                    <tbody>
                      {visitors.map((visitor) => (
                        <tr key={visitor.visitor} className="border-t border-line">
                          <td className="py-1.5">
                            <Link
                              to="/visitor"
                              search={{ ...sharedSearchOf(props.view), visitor: visitor.visitor }}
                              className="font-medium text-accent hover:underline"
                            >
                              {visitorName(visitor.visitor)}
                            </Link>
                            <span className="block text-xs text-soft">
                              {[visitor.country && formatCountry(visitor.country), visitor.browser]
                                .filter(Boolean)
                                .join(' · ')}
                            </span>
                          </td>
                          <td className="py-1.5 pl-3 text-soft">{moment(visitor.last_seen)}</td>
                          <td className="hidden py-1.5 pl-3 text-right sm:table-cell">{formatExact(visitor.visits)}</td>
                          <td className="hidden py-1.5 pl-3 text-soft sm:table-cell">
                            {visitor.source || t('direct')}
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </Scrolling>
              </section>
              <section>
                <h3 className="mb-2 font-semibold">{t('nextPages')}</h3>
                {next_pages.length === 0 ? (
                  <p className="text-soft">{t('noNextPages')}</p>
                ) : (
                  <ol className="space-y-1">
                    {next_pages.map(({ page, visitors: count }) => (
                      <li
                        key={page}
                        className="relative flex justify-between gap-3 overflow-hidden rounded-md px-2 py-1"
                      >
                        <span
                          aria-hidden
                          className="absolute inset-y-0 left-0 rounded-md bg-accent-soft"
                          style={{ width: `${(100 * count) / (next_pages[0]?.visitors || 1)}%` }}
                        />
                        <span className="relative min-w-0 truncate">{page}</span>
                        <span className="relative font-semibold">{formatExact(count)}</span>
                      </li>
                    ))}
                  </ol>
                )}
              </section>
            </div>
          )
        }
      </Answer>
    </Card>
  )
}
