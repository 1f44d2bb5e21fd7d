import type { LiveChange } from '@clickwatch/contract'

type Listener = (change: LiveChange) => void

/** Tells open dashboards what a stored batch changed. A site's listeners hear of that site alone. */
export class LiveHub {
  readonly #listeners = new Map<string, Set<Listener>>()

  /** Calls `listener` at every change of a site until the returned function is called. */
  listen(site: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(site) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(site, listeners)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(site)
    }
  }

  /** Has every open dashboard ask again: what changed meanwhile is not known. */
  publishToAll(): void {
    this.publish(new Map([...this.#listeners.keys()].map((site) => [site, 0])))
  }

  publish(newEvents: ReadonlyMap<string, number>): void {
    for (const [site, events] of newEvents) {
      for (const listener of this.#listeners.get(site) ?? []) listener({ site, events })
    }
  }
}
