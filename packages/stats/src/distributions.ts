import betainc from '@stdlib/math-base-special-betainc'
import betaincinv from '@stdlib/math-base-special-betaincinv'
import betaln from '@stdlib/math-base-special-betaln'
import erfcinv from '@stdlib/math-base-special-erfcinv'
import gammainc from '@stdlib/math-base-special-gammainc'
import gammaln from '@stdlib/math-base-special-gammaln'

// The only place that knows whose functions these are. test/goldens.test.ts holds them against values of 60 digits, tails included.

/** The probability that a Beta(a, b) is at most x; `x` in [0, 1]. */
export const betaCdf = (x: number, a: number, b: number): number => (x <= 0 ? 0 : x >= 1 ? 1 : betainc(x, a, b))

/** The probability that a Beta(a, b) is above x, precise where it is tiny. */
export const betaSurvival = (x: number, a: number, b: number): number =>
  x <= 0 ? 1 : x >= 1 ? 0 : betainc(x, a, b, true, true)

/** The value a Beta(a, b) stays below with probability p. */
export const betaQuantile = (p: number, a: number, b: number): number => betaincinv(p, a, b)

/** The natural logarithm of the beta function. */
export const logBeta = (a: number, b: number): number => betaln(a, b)

/** The natural logarithm of the gamma function. */
export const logGamma = (x: number): number => gammaln(x)

/** The probability that a chi-square of that many degrees of freedom is above x. */
export const chiSquareSurvival = (x: number, degrees: number): number =>
  x <= 0 ? 1 : gammainc(x / 2, degrees / 2, true, true)

/** The value a standard normal stays below with probability p. */
export const normalQuantile = (p: number): number => -Math.SQRT2 * erfcinv(2 * p)

/** The value a Student's t of that many degrees of freedom stays below with probability p, for p of a half or more. */
export const studentQuantile = (p: number, degrees: number): number => {
  // t² ÷ (degrees + t²) is a Beta(1/2, degrees/2).
  const x = betaincinv(2 * p - 1, 0.5, degrees / 2)
  return Math.sqrt((degrees * x) / (1 - x))
}
