import { chiSquareSurvival, logGamma } from './distributions.ts'

/** How many came to an arm, and its weight. */
export type Share = { total: number; weight: number }
export type SampleRatio = {
  /** How many were expected in each. */
  expected: number[]
  chiSquare: number
  /** Pearson's, right for one look. */
  p: number
  /** Right at every look. */
  alwaysValidP: number
}

/** How firmly the mixture believes in shares near the intended: as after so many visitors. It decides only how soon which mismatch shows. */
const concentration = 100

/**
 * Whether the arms got the visitors that their weights say. Pearson's chi-square for one look; for looks at any time the Dirichlet
 * mixture of Lindon and Malek (2022, NeurIPS, 'Anytime-valid inference for multinomial count data'), whose evidence is ever above 1/α with
 * probability at most α where the weights are kept.
 */
export const sampleRatio = (arms: readonly Share[]): SampleRatio => {
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0)
  const all = arms.reduce((sum, { total }) => sum + total, 0)
  const shares = arms.map(({ weight }) => weight / weights)
  const expected = shares.map((share) => share * all)
  let chiSquare = 0
  let log = logGamma(concentration) - logGamma(concentration + all)
  for (const [index, { total }] of arms.entries()) {
    const [share, wanted] = [shares[index] ?? 0, expected[index] ?? 0]
    if (wanted > 0) chiSquare += (total - wanted) ** 2 / wanted
    const before = concentration * share
    log += logGamma(before + total) - logGamma(before) - total * Math.log(share)
  }
  return {
    expected,
    chiSquare,
    p: arms.length > 1 ? chiSquareSurvival(chiSquare, arms.length - 1) : 1,
    alwaysValidP: Math.min(1, Math.exp(-log)),
  }
}
