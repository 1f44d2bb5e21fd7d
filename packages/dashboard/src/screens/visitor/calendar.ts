const dayMs = 86_400_000

/** A day of the calendar: 'YYYY-MM-DD', the week it stands in from the left, and the place in the week from the top. */
export type CalendarDay = { date: string; visits: number; week: number; weekday: number }

/**
 * The weeks up to the last day as columns of seven, Monday first.
 * @param last 'YYYY-MM-DD', the day on which the calendar ends
 */
export const calendarOf = (days: { date: string; visits: number }[], last: string, weeks: number): CalendarDay[] => {
  const visits = new Map(days.map((day) => [day.date, day.visits]))
  const lastMs = Date.parse(`${last}T00:00:00Z`)
  const lastWeekday = (new Date(lastMs).getUTCDay() + 6) % 7
  const count = (weeks - 1) * 7 + lastWeekday + 1
  return Array.from({ length: count }, (_, place) => {
    const date = new Date(lastMs - (count - 1 - place) * dayMs).toISOString().slice(0, 10)
    return { date, visits: visits.get(date) ?? 0, week: Math.floor(place / 7), weekday: place % 7 }
  })
}
