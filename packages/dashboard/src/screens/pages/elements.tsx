import { useTranslations } from 'use-intl'
import { useElements } from '../../api/behaviour.ts'
import { Scrolling } from '../../components/scrolling.tsx'
import { formatExact, formatShare } from '../../format.ts'
import type { View } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { scopeOf } from '../behaviour/scope.ts'
import { Snippet } from '../behaviour/snippet.tsx'

const most = 200
const head = 'px-2 py-1.5 text-right font-medium'
const cell = 'px-2 py-1.5 text-right'

/** What was done to each element of a page, or of all. */
export const Elements = ({ view, page }: { view: View; page: string | undefined }) => {
  const t = useTranslations('pages.elements')
  const question = useElements({ ...scopeOf(view), ...(page ? { page } : {}), limit: most })
  return (
    <Answer question={question} loading={t('loading')} lines={8}>
      {({ elements }) => {
        if (elements.length === 0)
          return (
            <Empty title={t('nothing')}>
              <p>{t('nothingHow')}</p>
              <Snippet>{'<button data-cw-id="try-now" data-cw-cta>Try now</button>'}</Snippet>
            </Empty>
          )
        const clicks = Math.max(1, ...elements.map((each) => each.clicks))
        return (
          <Scrolling label={t('caption')}>
            <table className="w-full min-w-2xl text-left">
              <caption className="sr-only">{t('caption')}</caption>
              <thead className="text-xs text-soft">
                <tr>
                  <th scope="col" className="py-1.5 font-medium">
                    {t('element')}
                  </th>
                  <th scope="col" className={head}>
                    {t('clicks')}
                  </th>
                  <th scope="col" className={head}>
                    {t('rate')}
                  </th>
                  <th scope="col" className={head}>
                    {t('visitors')}
                  </th>
                  <th scope="col" className={head}>
                    {t('seen')}
                  </th>
                  <th scope="col" className={head}>
                    {t('hovers')}
                  </th>
                  <th scope="col" className={head} title={t('rageHow')}>
                    {t('rage')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {elements.map((each) => (
                  <tr
                    key={`${each.element} ${each.text} ${each.href}`}
                    data-row={each.element}
                    className="border-t border-line"
                  >
                    <th scope="row" className="relative max-w-80 py-1.5 font-normal">
                      <span
                        aria-hidden
                        className="absolute inset-y-1 left-0 rounded-md bg-accent-soft"
                        style={{ width: `${(100 * each.clicks) / clicks}%` }}
                      />
                      <span className="relative block px-2">
                        <span className="block truncate font-semibold">
                          {each.element || each.text || t('unnamed')}
                        </span>
                        {(each.text || each.href) && (
                          <span className="block truncate text-xs text-soft">
                            {[each.element && each.text && `“${each.text}”`, each.href].filter(Boolean).join(' → ')}
                          </span>
                        )}
                      </span>
                    </th>
                    <td className={`${cell} font-semibold`}>{formatExact(each.clicks)}</td>
                    <td className={cell}>{each.click_rate === null ? '–' : formatShare(each.click_rate / 100)}</td>
                    <td className={cell}>{formatExact(each.visitors)}</td>
                    <td className={cell}>{formatExact(each.seen)}</td>
                    <td className={cell}>{formatExact(each.hovers)}</td>
                    <td className={`${cell} ${each.rage_clicks > 0 ? 'font-semibold text-bad' : 'text-soft'}`}>
                      {formatExact(each.rage_clicks)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        )
      }}
    </Answer>
  )
}
