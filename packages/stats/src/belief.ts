import { betaCdf, betaQuantile, betaSurvival, logBeta } from './distributions.ts'
import { nodes } from './quadrature.ts'
import type { Beta } from './rate.ts'

/** A rate, and how much of the posterior it stands for. */
export type Atom = { rate: number; mass: number }

/** What of a posterior lies outside of where it is read. */
const cut = 1e-13

/** The angle whose sine, squared, is the rate: in it a Beta is smooth even at its ends, and as wide wherever it lies. */
export const angleOf = (rate: number): number => Math.asin(Math.sqrt(Math.min(1, Math.max(0, rate))))

/** A posterior, to be averaged over: by Gauss and Legendre's rule over the angle, where means of smooth functions come out to 12 digits. */
export class Belief {
  readonly a: number
  readonly b: number
  readonly mean: number
  readonly variance: number
  /** Where it lies, in angles. */
  readonly low: number
  readonly high: number
  readonly #whole: readonly Atom[]

  constructor({ a, b }: Beta) {
    this.a = a
    this.b = b
    this.mean = a / (a + b)
    this.variance = (a * b) / ((a + b) ** 2 * (a + b + 1))
    this.low = angleOf(betaQuantile(cut, a, b))
    this.high = Math.PI / 2 - angleOf(betaQuantile(cut, b, a))
    this.#whole = this.#between(this.low, this.high)
  }

  #between(low: number, high: number): Atom[] {
    const scale = Math.LN2 - logBeta(this.a, this.b)
    return nodes(low, high).map(({ x, weight }) => {
      const [sine, cosine] = [Math.sin(x), Math.cos(x)]
      const log = (2 * this.a - 1) * Math.log(sine) + (2 * this.b - 1) * Math.log(cosine)
      return { rate: sine ** 2, mass: weight * Math.exp(scale + log) }
    })
  }

  /** It as atoms, with nodes of their own between any two angles at which what is averaged bends. */
  atoms(bends: readonly number[]): readonly Atom[] {
    const inside = bends.filter((angle) => angle > this.low && angle < this.high)
    if (inside.length === 0) return this.#whole
    const ends = [this.low, ...inside.sort((left, right) => left - right), this.high]
    return ends.slice(1).flatMap((end, index) => this.#between(ends[index] ?? end, end))
  }

  /** The mean of something of the rate. */
  over(value: (rate: number) => number, bends: readonly number[]): number {
    let sum = 0
    for (const { rate, mass } of this.atoms(bends)) sum += mass * value(rate)
    return sum
  }

  atMost(rate: number): number {
    return betaCdf(rate, this.a, this.b)
  }

  above(rate: number): number {
    return betaSurvival(rate, this.a, this.b)
  }

  /** So much narrower than another that it is a step to the other's nodes. */
  isStepTo(other: Belief): boolean {
    return (this.high - this.low) * 1.7 < other.high - other.low
  }
}
