import { useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { ranges, type View } from '../../view.ts'

const field = 'rounded-lg border border-line bg-card px-2.5 py-1.5 hover:bg-raised'

/** A named range, or two dates. */
export const PeriodPicker = ({ range, onRange }: { range: View['range']; onRange: (range: View['range']) => void }) => {
  const t = useTranslations('names')
  const [isPicking, setIsPicking] = useState(false)
  const id = useId()
  const today = new Date().toISOString().slice(0, 10)
  const [from, until] = Array.isArray(range) ? range : [today, today]
  const isCustom = Array.isArray(range) || isPicking
  const setDates = (first: string, last: string) => {
    if (first && last) onRange(first <= last ? [first, last] : [last, first])
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      {isCustom && (
        <>
          <label className="sr-only" htmlFor={`${id}-from`}>
            From
          </label>
          <input
            id={`${id}-from`}
            type="date"
            max={today}
            value={from}
            onChange={(event) => setDates(event.target.value, until)}
            className={field}
          />
          <label className="sr-only" htmlFor={`${id}-until`}>
            Until
          </label>
          <input
            id={`${id}-until`}
            type="date"
            max={today}
            value={until}
            onChange={(event) => setDates(from, event.target.value)}
            className={field}
          />
        </>
      )}
      <select
        aria-label="Period"
        value={isCustom ? 'custom' : String(range)}
        onChange={(event) => {
          const named = ranges.find((each) => each === event.target.value)
          setIsPicking(!named)
          onRange(named ?? [today, today])
        }}
        className={`${field} font-medium`}
      >
        {ranges.map((each) => (
          <option key={each} value={each}>
            {t(`ranges.${each}`)}
          </option>
        ))}
        <option value="custom">From … until …</option>
      </select>
    </div>
  )
}
