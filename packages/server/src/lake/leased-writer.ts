import { setTimeout as sleep } from 'node:timers/promises'
import { ClickWatchError } from '../errors.ts'
import type { Leases } from '../metadata/leases.ts'
import type { Shared } from '../metadata/shared.ts'
import type { LakeState } from './state.ts'
import { type Writer, WriterLost } from './writer.ts'

// The processes of a cluster agree by leases who writes the lake. A lease alone does not keep one that was paused from going on when it
// wakes: that its epoch is another's by then is in the tables themselves, see `beginWriting`.
// docs/decisions/0056-lake-of-roles-apart.md

const writing = 'lake'
/** Whoever has it has been asked for something, and is to write next. */
const asked = 'lake/asked'
const lookEveryMs = 500
const askedLimitMs = 300_000

const toldTable = 'lake_state'

const readState = async (shared: Shared): Promise<LakeState | undefined> => {
  const row = await shared.selectFrom(toldTable).select('body').executeTakeFirst()
  return row && (JSON.parse(row.body) as LakeState)
}

/** What was said last of the lake, for who never writes it. */
export const toldOfLake = (shared: Shared) => (): Promise<LakeState | undefined> => readState(shared)

/** @param leases it lets go of none but its own */
export const leasedWriter = (leases: Leases, shared: Shared): Writer => {
  let isWanted = false
  let looking: Promise<void> | undefined
  const look = async (): Promise<void> => {
    const all = await leases.all()
    isWanted = all.some(({ name, owner, isOver }) => name === asked && owner !== leases.owner && !isOver)
  }
  const timer = setInterval(() => {
    if (leases.has(writing) === undefined) return
    // Where it cannot be asked, the lease is over soon.
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined
      })
  }, lookEveryMs)
  timer.unref()

  const takeAsked = async (): Promise<boolean> => {
    const until = performance.now() + askedLimitMs
    try {
      for (;;) {
        await leases.take(asked)
        if ((await leases.take(writing)) !== undefined) return true
        if (performance.now() > until) {
          throw new ClickWatchError(
            'lake_busy',
            503,
            'Another process writes the lake, and has not come to an end; ask again when it has.',
          )
        }
        await sleep(lookEveryMs)
      }
    } finally {
      await leases.release(asked)
    }
  }

  return {
    isMine: () => leases.has(writing) !== undefined,
    epoch: () => leases.has(writing),
    async raise(above) {
      if ((await leases.raise(writing, above)) === undefined) throw new WriterLost()
    },
    isWanted: () => isWanted,
    async take(isAsked) {
      if (isAsked) return takeAsked()
      await look()
      if (isWanted) await leases.release(writing)
      return !isWanted && (await leases.take(writing)) !== undefined
    },
    async tell(state) {
      const body = JSON.stringify(state)
      await shared
        .insertInto(toldTable)
        .values({ id: 1, body })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ body }))
        .execute()
    },
    told: () => readState(shared),
    async close() {
      clearInterval(timer)
      await looking
      await leases.release(writing)
    },
  }
}
