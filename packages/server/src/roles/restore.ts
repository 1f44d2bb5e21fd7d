import type { Config } from '../config.ts'
import { importBronze } from '../lake/import.ts'
import type { LakeTarget } from '../lake/target.ts'
import { readSites } from '../metadata/sites.ts'
import { restore } from '../pipeline/backup.ts'
import { openPositions } from '../pipeline/positions.ts'
import { rebuild } from '../pipeline/rebuild.ts'
import { openEmbeddedStore } from '../store/embedded.ts'
import { migrate } from '../store/migrate.ts'
import { openStore } from '../store/open.ts'
import { beginEmbeddedStream } from '../stream/embedded.ts'
import { streamNameOf } from '../stream/target.ts'
import { folders } from './role.ts'

/** Puts a backup into the empty data folder of `config` and makes silver and gold of it. */
export const restoreInto = async (
  config: Config,
  folder: string,
  say: (line: string) => void,
): Promise<{ records: number; files: string[] }> => {
  const { stream: streamFolder, positions: positionsFolder, store: storeFolder } = folders(config)
  const store = await openStore(config.clickhouse, storeFolder)
  const sites = readSites(config.sitesFile)
  let records = 0
  try {
    await migrate(store, async () => undefined)
    const { next, stream, places, files } = await restore({
      store,
      folder,
      onProgress: (restored) => {
        records = restored
      },
    })
    say(`Bronze is there; making silver and gold of its ${records} records …`)
    await rebuild({
      store,
      rulesOf: (site) => sites(site).visits,
      between: (work) => work(),
      onProgress: () => undefined,
    })
    // Each stream has places of its own: those of the backup are of the one that its records came by.
    const positions = openPositions(positionsFolder, stream)
    for (const [partition, nextOffset] of next.entries()) {
      await positions.finish(partition, { nextOffset, place: places[partition] ?? { offset: nextOffset, seen: {} } })
    }
    await positions.close()
    await beginEmbeddedStream(streamFolder, next)
    return { records, files }
  } finally {
    await store.close()
  }
}

/** Makes the empty data folder of `config` what the lake's bronze table says it was. Returns how many records there were. */
export const importInto = async (config: Config, target: LakeTarget, say: (line: string) => void): Promise<number> => {
  const { stream: streamFolder, positions: positionsFolder, store: storeFolder } = folders(config)
  const store = openEmbeddedStore(storeFolder)
  const sites = readSites(config.sitesFile)
  const sayProgress = slowly((records: number, total: number) => say(`${records} of ${total} records`))
  try {
    await migrate(store, async () => undefined)
    const { records, next, nextMessages } = await importBronze({ store, target, onProgress: sayProgress })
    say(`Bronze is there; making silver and gold of its ${records} records …`)
    await rebuild({
      store,
      rulesOf: (site) => sites(site).visits,
      between: (work) => work(),
      onProgress: (progress) => sayProgress(progress.records, progress.total),
    })
    const positions = openPositions(positionsFolder, streamNameOf(config.stream))
    const isEmbedded = config.stream.kind === 'embedded'
    for (const [partition, nextOffset] of next.entries()) {
      const offset = isEmbedded ? nextOffset : (nextMessages[partition] ?? 0)
      await positions.finish(partition, { nextOffset, place: { offset, seen: {} } })
    }
    await positions.close()
    if (isEmbedded) await beginEmbeddedStream(streamFolder, next)
    return records
  } finally {
    await store.close()
  }
}

const sayEveryMs = 5000

/** Says at most every few seconds how far something is. */
export const slowly = (say: (done: number, total: number) => void): ((done: number, total: number) => void) => {
  let saidAt = performance.now()
  return (done, total) => {
    if (performance.now() - saidAt < sayEveryMs) return
    saidAt = performance.now()
    say(done, total)
  }
}
