import type { PortfolioAnswer, PortfolioIdea } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { Scrolling } from '../../../components/scrolling.tsx'
import { formatCount, formatExact } from '../../../format.ts'
import { siteSearch } from '../ideas-frame.tsx'
import { IntervalBar, scaleEnd, type Tone } from '../interval-bar.tsx'
import { formatMoney, formatProbability, formatRate } from '../rates.ts'
import { templateIcons } from '../template-cards.tsx'
import { useSiteDay } from '../use-site-day.ts'
import { StatusBadge, VerdictBadge } from '../verdict.tsx'
import { useNextStep } from './next-step.ts'

const tones: Record<'above' | 'below' | 'open', Tone> = { above: 'good', below: 'bad', open: 'accent' }

/** Interest in words and drawn, on the scale that all share. */
const Interest = ({ idea, most }: { idea: PortfolioIdea; most: number }) => {
  const t = useTranslations('ideas')
  const { rate, credible, always_valid, bar, settled } = idea
  const did = t(`grades.${bar.grade}.did`)
  const said =
    rate === null
      ? t('interestNone', { bar: formatRate(bar.rate) })
      : t('interestSays', {
          rate: formatRate(rate),
          did,
          low: formatRate(credible.low),
          high: formatRate(credible.high),
          bar: formatRate(bar.rate),
        })
  return (
    <>
      <span className="sr-only">{said}</span>
      <div aria-hidden className="flex items-baseline gap-2">
        <span className="text-lg font-bold" data-rate={rate ?? ''}>
          {formatRate(rate)}
        </span>
        <span className="truncate text-xs text-soft">{t('ofBar', { did, bar: formatRate(bar.rate) })}</span>
      </div>
      <IntervalBar
        rate={rate}
        credible={credible}
        alwaysValid={always_valid}
        bar={bar.rate}
        most={most}
        tone={tones[settled ?? 'open']}
      />
    </>
  )
}

/** What a cell is of, where there is no room for a table's head. */
const Label = ({ name }: { name: 'visitors' | 'cost' | 'next' }) => {
  const t = useTranslations('ideas.columns')
  return <span className="mr-2 text-xs text-soft md:hidden">{t(name)}</span>
}

const Row = ({ site, idea, most, currency }: { site: string; idea: PortfolioIdea; most: number; currency: string }) => {
  const t = useTranslations('ideas')
  const nextStep = useNextStep(useSiteDay(site))
  const Icon = templateIcons[idea.template]
  const { budget, visitors, cost } = idea
  return (
    <tr
      data-idea={idea.key}
      className="relative grid gap-y-3 border-t border-line max-md:first:border-t-0 py-4 align-top hover:bg-raised/40 md:table-row md:py-0"
    >
      <th scope="row" className="min-w-48 text-left font-normal md:py-3 md:pr-5">
        <span className="flex items-start gap-2.5">
          <Icon size={17} aria-hidden className="mt-0.5 shrink-0 text-soft" />
          <span className="min-w-0">
            <Link
              to="/ideas/$id"
              params={{ id: idea.id }}
              search={siteSearch(site)}
              className="font-semibold wrap-anywhere after:absolute after:inset-0 hover:text-accent"
            >
              {idea.name}
            </Link>
            <span className="block text-xs text-soft">
              {t(`templates.${idea.template}.name`)}
              {idea.revisions > 0 && ` · ${t('revised', { count: idea.revisions })}`}
            </span>
            <span className="mt-1 block">
              <StatusBadge status={idea.status} />
            </span>
          </span>
        </span>
      </th>
      <td className="min-w-56 md:w-72 md:py-3 md:pr-5">
        <Interest idea={idea} most={most} />
      </td>
      <td className="md:py-3 md:pr-5">
        {idea.exposed > 0 ? (
          <>
            <VerdictBadge verdict={idea.recommendation.verdict} />
            <span className="block text-xs text-soft">
              {t('probability', { probability: formatProbability(idea.probability_met) })}
            </span>
          </>
        ) : (
          <span className="text-soft max-md:hidden">–</span>
        )}
      </td>
      <td className="whitespace-nowrap md:py-3 md:pr-5 md:text-right" data-visitors={visitors}>
        <Label name="visitors" />
        <span title={formatExact(visitors)} className="font-semibold">
          {formatCount(visitors)}
        </span>
        {budget.visitors !== undefined && (
          <span className="text-xs text-soft md:block"> {t('visitorsOf', { budget: budget.visitors })}</span>
        )}
      </td>
      <td className="md:py-3 md:pr-5 md:text-right">
        <Label name="cost" />
        {cost?.per_interested == null ? t('noCost') : formatMoney(cost.per_interested, currency)}
      </td>
      <td className="text-soft md:min-w-40 md:py-3">
        <Label name="next" />
        {nextStep(idea)}
      </td>
    </tr>
  )
}

const columns = ['idea', 'interest', 'recommendation', 'visitors', 'cost', 'next'] as const
const isRight = (column: string): boolean => column === 'visitors' || column === 'cost'

/** All ideas side by side; interest of all is drawn on one scale. */
export const PortfolioTable = (props: { site: string; answer: PortfolioAnswer; ideas: readonly PortfolioIdea[] }) => {
  const { site, answer, ideas } = props
  const t = useTranslations('ideas')
  const most = scaleEnd(ideas.flatMap(({ credible, bar, exposed }) => [bar.rate, exposed > 0 ? credible.high : 0]))
  return (
    <>
      <Scrolling label={t('title')}>
        <table className="w-full md:min-w-4xl">
          <caption className="sr-only">{t('title')}</caption>
          <thead className="text-xs text-soft max-md:sr-only">
            <tr>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={`pr-4 pb-2 font-medium last:pr-0 ${isRight(column) ? 'text-right' : 'text-left'}`}
                >
                  {t(`columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ideas.map((idea) => (
              <Row key={idea.id} site={site} idea={idea} most={most} currency={answer.currency} />
            ))}
          </tbody>
        </table>
      </Scrolling>
      <p className="mt-3 text-xs text-soft">{t('scale', { most: formatRate(most) })}</p>
    </>
  )
}
