import type { PortfolioIdea } from '@clickwatch/contract'
import type { Sorting } from '../ideas-search.ts'

/** How far an idea is from a coin toss about its bar. */
const certainty = ({ probability_met }: PortfolioIdea): number => Math.abs(probability_met - 0.5)

type Order = (one: PortfolioIdea, other: PortfolioIdea) => number
const orders: Record<Sorting, Order> = {
  latest: (one, other) => other.created_at.localeCompare(one.created_at),
  interest: (one, other) => (other.rate ?? -1) - (one.rate ?? -1),
  certainty: (one, other) => certainty(other) - certainty(one),
  visitors: (one, other) => other.visitors - one.visitors,
  cost: (one, other) => (one.cost?.per_interested ?? Infinity) - (other.cost?.per_interested ?? Infinity) || 0,
  name: (one, other) => one.name.localeCompare(other.name),
}

/** Ideas in an order; those that are alike in it, by name. */
export const sorted = (ideas: readonly PortfolioIdea[], by: Sorting): PortfolioIdea[] =>
  ideas.toSorted((one, other) => orders[by](one, other) || orders.name(one, other))
