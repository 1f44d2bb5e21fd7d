import type { HeatmapAnswer } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatExact, formatShare } from '../../../format.ts'
import { tenthsOf } from './tenths.ts'

const head = 'px-2 py-1.5 text-right font-medium'

/** A heatmap in numbers: by tenths of the page from the top, or how many saw how far. */
export const HeatTable = ({ answer, isScroll }: { answer: HeatmapAnswer; isScroll: boolean }) => {
  const t = useTranslations('pages.heatmap')
  return (
    <table className="w-full max-w-md text-left">
      <caption className="sr-only">{t('tableCaption')}</caption>
      <thead className="text-xs text-soft">
        <tr>
          <th scope="col" className="py-1.5 font-medium">
            {isScroll ? t('depth') : t('place')}
          </th>
          {!isScroll && (
            <th scope="col" className={head}>
              {t('count')}
            </th>
          )}
          <th scope="col" className={head}>
            {isScroll ? t('reach') : t('share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {isScroll
          ? answer.scroll.map(({ depth, reached }) => (
              <tr key={depth} data-depth={depth} className="border-t border-line">
                <th scope="row" className="py-1 font-normal">
                  {formatShare(depth / 100)}
                </th>
                <td className="px-2 py-1 text-right font-semibold">{formatShare(reached / 100)}</td>
              </tr>
            ))
          : tenthsOf(answer).map(({ from, to, count, share }) => (
              <tr key={from} data-tenth={from} className="border-t border-line">
                <th scope="row" className="py-1 font-normal">
                  {t('from', { from, to })}
                </th>
                <td className="px-2 py-1 text-right font-semibold">{formatExact(count)}</td>
                <td className="px-2 py-1 text-right">{formatShare(share)}</td>
              </tr>
            ))}
      </tbody>
    </table>
  )
}
