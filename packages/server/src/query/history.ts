import type { LakeDays } from '@clickwatch/contract'
import type { Layer } from '../metadata/sites.ts'
import type { Store } from '../store/store.ts'
import type { Range } from './range.ts'

/** Days of a site that a layer of the store does not hold whole any more, and the lake does. */
export type Past = {
  /** Those of the range; undefined where none of it is, and only visits that began the day before are. */
  days: LakeDays | undefined
  /**
   * Whoever asks about silver's events and visits by what this gives is answered from both: of these days from the lake, of all others
   * from the store. Statements over other tables are as they were.
   */
  over<Reader extends Pick<Store, 'query'>>(reader: Reader): Reader
}

/** What there was before the store's own history. */
export interface History {
  /**
   * What of a range the store lacks; undefined where it has all there is, or the lake has no more.
   * @throws {ClickWatchError} 503 lake_away where the lake cannot be asked what it has
   */
  pastOf(site: string, layer: Layer, range: Pick<Range, 'fromMs' | 'toMs'>, nowMs: number): Promise<Past | undefined>
  /** The first day of UTC that the lake has of a site; undefined where it has none. */
  firstDay(site: string): Promise<string | undefined>
}
