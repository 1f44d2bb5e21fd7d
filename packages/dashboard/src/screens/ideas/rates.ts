import type { Interval } from '@clickwatch/contract'

const percent = (digits: number) =>
  new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 0, maximumFractionDigits: digits })
const [whole, tenths, hundredths, thousandths] = [0, 1, 2, 3].map(percent) as [
  Intl.NumberFormat,
  Intl.NumberFormat,
  Intl.NumberFormat,
  Intl.NumberFormat,
]

/** A rate of 0 to 1 with as many digits as tell it from its neighbours: 42% · 4.3% · 0.43% · 0.043% */
export const formatRate = (rate: number | null): string => {
  if (rate === null) return '–'
  const size = Math.abs(rate)
  if (size === 0 || size >= 0.995) return whole.format(rate)
  if (size >= 0.01) return tenths.format(rate)
  return (size >= 0.001 ? hundredths : thousandths).format(rate)
}

const points = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
const finePoints = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, signDisplay: 'exceptZero' })

/** A difference of rates in percentage points, without the words: +1.2 */
export const formatPoints = (difference: number): string =>
  (Math.abs(difference) < 0.01 ? finePoints : points).format(difference * 100)

const plainPoints = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 })
/** The same without a sign: 1.2 */
export const formatPlainPoints = (difference: number): string => plainPoints.format(Math.abs(difference) * 100)

const [surely, hardly] = [0.999, 0.001]
/** A probability as it is said: what is not certain is not called so. */
export const formatProbability = (probability: number): string => {
  if (probability > surely) return `> ${tenths.format(surely)}`
  if (probability < hardly) return `< ${tenths.format(hardly)}`
  return probability > 0.1 && probability < 0.99 ? whole.format(probability) : tenths.format(probability)
}

/** An amount in a currency, or as a number where none is said; small amounts to the cent. */
export const formatMoney = (amount: number, currency: string): string => {
  const size = Math.abs(amount)
  if (currency === '')
    return new Intl.NumberFormat(undefined, { maximumFractionDigits: size < 100 ? 2 : 0 }).format(amount)
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    ...(size >= 100 ? { maximumFractionDigits: 0 } : {}),
    ...(size >= 1e6 ? { notation: 'compact', maximumFractionDigits: 1 } : {}),
  }).format(amount)
}

export const formatInterval = ({ low, high }: Interval): string => `${formatRate(low)} – ${formatRate(high)}`
