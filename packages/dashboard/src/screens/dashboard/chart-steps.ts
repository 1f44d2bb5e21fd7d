import { datesOf } from '../../period.ts'
import { type Step, steps, type View } from '../../view.ts'

/** How many days a step is worth looking at: not one point, and not a thousand. */
const days: Record<Step, [number, number]> = {
  'time:minute': [0, 1],
  'time:hour': [0, 31],
  'time:day': [2, 800],
  'time:week': [14, 4000],
  'time:month': [59, 40_000],
}

/** The steps that a range can be drawn by. */
export const stepsOf = (range: View['range'], today: string, weekStart: number): Step[] => {
  if (range === 'realtime') return ['time:minute']
  if (range === '24h') return ['time:minute', 'time:hour']
  if (range === 'all') return ['time:day', 'time:week', 'time:month']
  const [from, until] = datesOf(range, today, weekStart) ?? [today, today]
  const length = Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000) + 1
  return steps.filter((step) => length >= days[step][0] && length <= days[step][1])
}
