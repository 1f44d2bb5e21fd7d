import type { VitalName } from '@clickwatch/contract'
import { formatExact } from '../../format.ts'

export type Rating = 'good' | 'fair' | 'poor'

/** Google's thresholds: good up to the first, poor over the second. Milliseconds; CLS as it is. */
export const thresholds: Record<VitalName, [good: number, poor: number]> = {
  LCP: [2500, 4000],
  INP: [200, 500],
  CLS: [0.1, 0.25],
  FCP: [1800, 3000],
  TTFB: [800, 1800],
}

export const ratingOf = (vital: VitalName, value: number): Rating => {
  const [good, poor] = thresholds[vital]
  if (value <= good) return 'good'
  return value <= poor ? 'fair' : 'poor'
}

const hundredths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })

/** As a person reads it: 180 ms · 2.4 s · 0.08 */
export const formatVital = (vital: VitalName, value: number): string => {
  if (vital === 'CLS') return hundredths.format(value)
  return value < 1000 ? `${formatExact(Math.round(value))} ms` : `${hundredths.format(value / 1000)} s`
}
