import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Idea } from '@clickwatch/contract'
import { connectMetadata, type Metadata, type MetadataPlace, metadataFile } from './database.ts'
import { ideasOf } from './ideas.ts'
import { interestedOf } from './interested.ts'

/** What the collector needs of the metadata, which it does not own: the engine may be away, or have made no tables yet. */
export type IdeasReader = {
  /** The ideas of a site, as of some seconds ago at most; the last that are known, while they cannot be read. */
  of(site: string): Promise<readonly Idea[]>
  /**
   * Keeps what a visitor left on the door page of an idea.
   * @throws what the database says: then it is not kept
   */
  leaveAddress(idea: string, address: string): Promise<void>
  close(): Promise<void>
}

const freshMs = 2000
/** Sites that are asked for and have no ideas cost nothing for good; more than so many are forgotten. */
const mostSites = 10_000

/** Reads ideas beside whoever changes them, from the same place. */
export const openIdeasReader = (place: MetadataPlace, onError: (error: unknown) => void): IdeasReader => {
  let database: Promise<Metadata> | undefined
  const known = new Map<string, { atMs: number; ideas: Promise<readonly Idea[]> }>()

  const open = async (): Promise<Metadata | undefined> => {
    const isThere = place.url !== undefined || existsSync(join(place.folder, metadataFile))
    if (!database && isThere) database = connectMetadata(place)
    return database
  }
  const read = async (site: string, before: Promise<readonly Idea[]> | undefined): Promise<readonly Idea[]> => {
    try {
      const opened = await open()
      return opened ? await ideasOf(opened).list(site) : []
    } catch (error) {
      onError(error)
      return (await before) ?? []
    }
  }
  return {
    of(site) {
      const nowMs = Date.now()
      const last = known.get(site)
      if (last && nowMs - last.atMs < freshMs) return last.ideas
      if (known.size > mostSites) known.clear()
      const ideas = read(site, last?.ideas)
      known.set(site, { atMs: nowMs, ideas })
      return ideas
    },
    async leaveAddress(idea, address) {
      const opened = await open()
      if (!opened) throw new Error('there is no metadata yet')
      await interestedOf(opened).add(idea, address, new Date().toISOString())
    },
    async close() {
      await (await database)?.destroy()
    },
  }
}
