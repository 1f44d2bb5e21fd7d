import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteSettings } from '@clickwatch/contract'
import { connectMetadata, type Metadata, type MetadataPlace, metadataFile } from './database.ts'
import { sitesSetOf } from './site-settings.ts'
import { type AllSettings, laidOver, type RulesOf, readSettings, rulesIn } from './sites.ts'

/** What is taken in of sites, as it is now. */
export type SitesWatch = {
  rulesOf: RulesOf
  settings(): AllSettings
  /** What the file says alone. */
  written(): AllSettings
  /** Looks at once whether something was changed. */
  look(): Promise<void>
  close(): Promise<void>
}

const lookEveryMs = 2000
/** So many looks in a row that failed. */
const toldAfter = 5

/**
 * Lays what people set over the operator's file, and does so again whenever either says something else: whoever asks for the rules of a
 * site has them at once, and nobody waits for the database.
 * @param read what people have set; where it cannot be read, or the file makes no sense any more, what was known goes on
 * @throws {StartError} where the file makes no sense at the start
 */
export const watchSites = async (options: {
  file: string | undefined
  read: () => Promise<Record<string, SiteSettings>>
  onError: (error: unknown) => void
  close?: () => Promise<void>
}): Promise<SitesWatch> => {
  const { file, read, onError, close = async () => undefined } = options
  let written = readSettings(file)
  let [settings, rules] = [written, rulesIn(written, file)]
  let seen = ''
  const look = async (): Promise<void> => {
    const [inFile, set] = [readSettings(file), await read()]
    const now = JSON.stringify([inFile, set])
    if (now === seen) return
    const laid = laidOver(inFile, set)
    ;[written, settings, rules, seen] = [inFile, laid, rulesIn(laid, file), now]
  }
  // Whoever starts at the same time may still be making the tables; what is away for long is told once.
  let failures = 0
  const tryLook = () =>
    look().then(
      () => {
        failures = 0
      },
      (error: unknown) => {
        failures++
        if (failures === toldAfter) onError(error)
      },
    )
  await tryLook()
  const looking = setInterval(() => void tryLook(), lookEveryMs)
  looking.unref()
  return {
    rulesOf: (site) => rules(site),
    settings: () => settings,
    written: () => written,
    look,
    async close() {
      clearInterval(looking)
      await close()
    },
  }
}

/** SQLite waits in the process itself, which answers nobody meanwhile. */
const busyMs = 50

/** The same for who does not own the database: it may be away, or not have been made yet. */
export const watchSitesBeside = (
  place: MetadataPlace,
  file: string | undefined,
  onError: (error: unknown) => void,
): Promise<SitesWatch> => {
  let database: Metadata | undefined
  return watchSites({
    file,
    async read() {
      const isThere = place.url !== undefined || existsSync(join(place.folder, metadataFile))
      if (!isThere) return {}
      database ??= await connectMetadata(place, busyMs)
      return sitesSetOf(database).all()
    },
    onError,
    close: async () => database?.destroy(),
  })
}
