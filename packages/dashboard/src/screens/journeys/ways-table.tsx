import type { JourneysAnswer } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { Heading } from '../../components/heading.tsx'
import { Scrolling } from '../../components/scrolling.tsx'
import { formatExact, formatShare } from '../../format.ts'

const most = 100

/** The same as the drawing, for whoever reads or hears it, and where there is no room to draw. */
export const WaysTable = ({ answer, isBackwards }: { answer: JourneysAnswer; isBackwards: boolean }) => {
  const t = useTranslations('journeys')
  const links = answer.links.toSorted((a, b) => a.step - b.step || b.visits - a.visits).slice(0, most)
  return (
    <Scrolling label={t('tableCaption')}>
      <table className="w-full text-left">
        <caption className="sr-only">{t('tableCaption')}</caption>
        <thead className="text-xs text-soft">
          <tr>
            <Heading>{t('columns.step')}</Heading>
            <Heading>{t('columns.from')}</Heading>
            <Heading>{t('columns.to')}</Heading>
            <Heading isNumber>{t('columns.visits')}</Heading>
            <Heading isNumber isOnlyWide>
              {t('columns.share')}
            </Heading>
          </tr>
        </thead>
        <tbody>
          {links.map(({ step, from, to, visits }) => {
            const [first, second] = isBackwards ? [to, from] : [from, to]
            return (
              <tr key={`${step} ${from} → ${to}`} className="border-t border-line">
                <td className="py-1.5 text-soft">{isBackwards ? `−${step + 1}` : step + 1}</td>
                <td className="max-w-32 truncate py-1.5 pl-3 sm:max-w-64" title={first}>
                  {first || t('rest')}
                </td>
                <td className="max-w-32 truncate py-1.5 pl-3 sm:max-w-64" title={second}>
                  {second || t('rest')}
                </td>
                <td className="py-1.5 pl-3 text-right font-semibold">{formatExact(visits)}</td>
                <td className="hidden py-1.5 pl-3 text-right sm:table-cell">
                  {formatShare(visits / Math.max(1, answer.visits))}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scrolling>
  )
}
