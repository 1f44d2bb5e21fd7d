import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { systemCodeOf } from '../errors.ts'

/** More than that are not remembered; the visits of those that were seen longest ago then end at midnight. */
const maxRemembered = 100_000

/** Replaces the file whole or not at all, so that a power failure leaves the old one or the new one. Its owner alone reads it. */
export const replaceFile = (path: string, value: object): void => {
  const next = `${path}.next`
  const file = openSync(next, 'w', 0o600)
  writeSync(file, JSON.stringify(value))
  fsyncSync(file)
  closeSync(file)
  renameSync(next, path)
}

type Kept = { seen: [id: string, atMs: number][]; names: [id: string, ofYesterday: string][] }

const read = (path: string): Kept => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return { seen: [], names: [] }
    throw error
  }
}

/**
 * The visitors without ids of their own whose visits may go on over midnight, when the salt that made their ids goes. It holds ids
 * and when they were seen last, of nobody who has been silent for longer than a visit may be.
 */
export type Overnight = {
  saw(id: string, nowMs: number): void
  /** When it was seen last; undefined when that is too long ago to matter. */
  lastSeenMs(id: string): number | undefined
  /** The id of yesterday under which the visitor of today's `id` goes on. */
  nameOf(id: string): string | undefined
  /** Has the visitor of today's `id` go on under their id of yesterday. */
  carry(id: string, ofYesterday: string): void
  isCarried(ofYesterday: string): boolean
  /** Ends what was carried over the midnight before: a visit is carried over one. */
  beginDay(): void
  /** Forgets who was not seen since, and writes the others down for the next start. */
  tidy(sinceMs: number): void
}

/** Opens what an earlier run wrote down in the file `path`. */
export const openOvernight = (path: string): Overnight => {
  const kept = read(path)
  // Those seen longest ago come first.
  const seen = new Map(kept.seen)
  const names = new Map(kept.names)
  const carried = new Set(names.values())
  let isWritten = true

  return {
    saw(id, nowMs) {
      seen.delete(id)
      seen.set(id, nowMs)
      for (const [oldest] of seen) {
        if (seen.size <= maxRemembered) break
        seen.delete(oldest)
      }
      isWritten = false
    },
    lastSeenMs: (id) => seen.get(id),
    nameOf: (id) => names.get(id),
    carry(id, ofYesterday) {
      names.set(id, ofYesterday)
      carried.add(ofYesterday)
      isWritten = false
    },
    isCarried: (id) => carried.has(id),
    beginDay() {
      names.clear()
      carried.clear()
      isWritten = false
    },
    tidy(sinceMs) {
      for (const [id, atMs] of seen) {
        if (atMs >= sinceMs) break
        seen.delete(id)
        isWritten = false
      }
      for (const [id, name] of names) if (!seen.has(name)) names.delete(id)
      for (const name of carried) if (!seen.has(name)) carried.delete(name)
      if (isWritten) return
      if (seen.size === 0) rmSync(path, { force: true })
      else replaceFile(path, { seen: [...seen], names: [...names] } satisfies Kept)
      isWritten = true
    },
  }
}
