import { useTranslations } from 'use-intl'
import { formatDay } from '../../format.ts'
import { calendarOf } from './calendar.ts'

const weeks = 26
const shadeOf = (visits: number, most: number) =>
  visits === 0
    ? 'var(--raised)'
    : `color-mix(in srgb, var(--accent) ${30 + Math.round((70 * visits) / most)}%, var(--card))`

/** Half a year of days, a week a column; the table beside it is for whoever cannot see it. */
export const VisitCalendar = ({ days, last }: { days: { date: string; visits: number }[]; last: string }) => {
  const t = useTranslations('visitor')
  const most = Math.max(1, ...days.map(({ visits }) => visits))
  const shown = calendarOf(days, last, weeks)
  return (
    <>
      <div
        aria-hidden
        className="grid max-w-full grid-flow-col grid-rows-7 justify-start gap-[3px] overflow-x-auto pb-1 print:[print-color-adjust:exact]"
      >
        {shown.map(({ date, visits }) => (
          <span
            key={date}
            title={t('calendarDay', { date: formatDay(date), visits })}
            className="size-3 rounded-[3px]"
            style={{ background: shadeOf(visits, most) }}
          />
        ))}
      </div>
      <p aria-hidden className="mt-1 text-xs text-soft">
        {t('calendarRange', { from: formatDay(shown[0]?.date ?? last), to: formatDay(last) })}
      </p>
      <table className="sr-only">
        <caption>{t('calendarCaption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('date')}</th>
            <th scope="col">{t('visits')}</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, visits }) => (
            <tr key={date} data-day={date}>
              <th scope="row">{formatDay(date)}</th>
              <td>{visits}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
