import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Idea } from '@clickwatch/contract'
import { databaseAway } from './away.ts'
import { connectMetadata, type Metadata, type MetadataPlace, metadataFile } from './database.ts'
import { ideasOf } from './ideas.ts'
import { type InterestedPeople, interestedOf } from './interested.ts'
import { isBusy } from './sqlite.ts'

/** What the collector needs of the metadata, which it does not own: the engine may be away, or have made no tables yet. */
export type IdeasReader = {
  /**
   * The ideas of a site, as they were last known: pages are not shown before they have them, so that nobody waits for the metadata but
   * whoever asks first, and that for a moment. Asking has them read anew behind it, where some seconds have passed.
   */
  of(site: string): Promise<readonly Idea[]>
  /**
   * Keeps what a visitor left on the door page of an idea.
   * @throws {ClickWatchError} 503 database_away where it cannot be kept now; 409 too_many_addresses where the idea has enough
   */
  leaveAddress(idea: string, address: string): Promise<void>
  close(): Promise<void>
}

const freshMs = 2000
const firstWaitMs = 500
const keepWaitMs = 2000
/** SQLite waits in the process itself, which answers nobody meanwhile. */
const busyMs = 50
/** Sites that are asked for and have no ideas cost nothing for good; more than so many are forgotten. */
const mostSites = 10_000

type Known = {
  ideas: readonly Idea[] | undefined
  /** When anybody asked first. */
  askedAtMs: number
  readAtMs: number
  reading: Promise<void> | undefined
}

/** Reads ideas beside whoever changes them, from the same place. */
export const openIdeasReader = (place: MetadataPlace, onError: (error: unknown) => void): IdeasReader => {
  let database: Promise<Metadata> | undefined
  let interested: InterestedPeople | undefined
  const known = new Map<string, Known>()

  const open = async (): Promise<Metadata | undefined> => {
    const isThere = place.url !== undefined || existsSync(join(place.folder, metadataFile))
    if (!database && isThere) database = connectMetadata(place, busyMs)
    return database
  }
  const read = async (site: string, entry: Known): Promise<void> => {
    try {
      const opened = await open()
      entry.ideas = opened ? await ideasOf(opened).list(site) : []
    } catch (error) {
      onError(error)
    }
    entry.readAtMs = Date.now()
    entry.reading = undefined
  }
  const entryOf = (site: string): Known => {
    const found = known.get(site)
    if (found) return found
    if (known.size >= mostSites) known.clear()
    const entry: Known = {
      ideas: undefined,
      askedAtMs: performance.now(),
      readAtMs: Number.NEGATIVE_INFINITY,
      reading: undefined,
    }
    known.set(site, entry)
    return entry
  }
  return {
    async of(site) {
      const entry = entryOf(site)
      if (Date.now() - entry.readAtMs >= freshMs) entry.reading ??= read(site, entry)
      const waitMs = entry.askedAtMs + firstWaitMs - performance.now()
      if (entry.ideas === undefined && waitMs > 0) {
        await Promise.race([entry.reading, sleep(waitMs, undefined, { ref: false })])
      }
      return entry.ideas ?? []
    },
    async leaveAddress(idea, address) {
      const add = async (): Promise<void> => {
        const opened = await open()
        if (!opened) throw databaseAway()
        interested ??= interestedOf(opened)
        await interested.add(idea, address, new Date().toISOString())
      }
      const adding = add()
      // Whoever is told to try again may have been kept after all: the same address twice is one.
      adding.catch(() => undefined)
      try {
        const isDone = await Promise.race([adding.then(() => true), sleep(keepWaitMs, false, { ref: false })])
        if (!isDone) throw databaseAway()
      } catch (error) {
        throw isBusy(error) ? databaseAway(error) : error
      }
    },
    async close() {
      await (await database)?.destroy()
    },
  }
}
