import { ClickWatchError } from '../errors.ts'

/** A node did not answer: neither what was asked nor that it could not. */
export class NodeAway extends ClickWatchError {
  constructor(urls: readonly string[], cause: unknown) {
    const [nodes, their] = urls.length === 1 ? ['node', 'its'] : ['nodes', 'their']
    super(
      'store_away',
      503,
      `The ClickHouse ${nodes} ${urls.join(' and ')} cannot be reached, and without ${their} part of the data there is no right answer. Ask again in a moment.`,
      { retryAfterSeconds: 5, cause },
    )
  }
}
