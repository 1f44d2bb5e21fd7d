import type { LakeAnswer } from '@clickwatch/contract'
import { ClickWatchError, messageOf } from '../errors.ts'
import { readErasures } from '../store/changes.ts'
import type { Store } from '../store/store.ts'
import { knownToLake } from './known.ts'
import { openPlace } from './place.ts'
import { answerOf, type LakeState, lagOf, unknownState } from './state.ts'
import type { LakeTarget } from './target.ts'

/** The lake as a process knows it that never writes it. */
export type LakeBeside = {
  /** As whoever writes it said last. */
  status(): Promise<LakeAnswer>
  /** @throws {ClickWatchError} 503 lake_away */
  knownOf(site: string, visitorId: string): ReturnType<typeof knownToLake>
  close(): void
}

/** Nothing is asked of the lake yet, which may be away. */
export const openLakeBeside = async (options: {
  target: LakeTarget
  store: Store
  reached: () => Promise<readonly number[]>
  told: () => Promise<LakeState | undefined>
}): Promise<LakeBeside> => {
  const { target, store, reached, told } = options
  const place = await openPlace(target)
  return {
    async status() {
      const nowMs = Date.now()
      const [state = unknownState(nowMs), until, erasures] = await Promise.all([told(), reached(), readErasures(store)])
      return answerOf(place.name, state, lagOf(state, until, nowMs), erasures.length)
    },
    async knownOf(site, visitorId) {
      try {
        return await knownToLake({ store, place }, site, visitorId)
      } catch (error) {
        const reason = place.withoutSecrets(messageOf(error))
        throw new ClickWatchError('lake_away', 503, `The lake ${place.name} is away: ${reason}`)
      }
    },
    close: () => place.close(),
  }
}
