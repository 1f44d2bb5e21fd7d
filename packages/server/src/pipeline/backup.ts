import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline as through } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { ClickWatchError } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { embeddedStream, type Place } from './positions.ts'

// A backup is bronze, as lines of JSON, and the few small files without which it would mean something else. Silver and gold are made
// of bronze, so they are made anew when it is restored. Each run adds what came since the last one.

/** What a backup holds; written last, so that a run that was cut off has changed nothing. */
type Manifest = {
  version: 1
  /** ISO 8601, UTC. */
  made_at: string
  /** Of each partition, the offset after the last record that is in it. */
  next: number[]
  /** Which stream the records came by, and of each of its partitions where to go on; the embedded one where it is not said. */
  stream?: string
  places?: Place[]
  /** Files of bronze.web_cookies, oldest first, and of the dead letters, which are written anew each time. */
  records: string[]
  letters: string
  /** Files of the data folder. */
  files: string[]
}

const manifestName = 'backup.json'
const restoredRows = 20_000

const readManifest = async (folder: string): Promise<Manifest | undefined> => {
  const path = join(folder, manifestName)
  if (!existsSync(path)) return undefined
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest
  if (manifest.version === 1) return manifest
  throw new ClickWatchError('backup_unknown', 409, `${path} is of a version that is not known here.`)
}

const columns = `site, kind, document, context, PartitionId, Offset, MessageOffset, EventEnqueuedUtcTime,
  EventProcessedUtcTime`

/**
 * Adds to a folder what arrived since the last backup there.
 * @param next of each partition, the offset of the first record that is not yet stored
 * @param stream which one the records came by
 * @param places of each partition, where to go on in it
 * @param files of the data folder that belong to it, by name
 * @throws {ClickWatchError} 409 when the folder holds the backup of another stream
 */
export const backUp = async (options: {
  store: Store
  folder: string
  next: readonly number[]
  stream: string
  places: readonly Place[]
  files: Readonly<Record<string, string | Buffer>>
  onProgress: (records: number) => void
}): Promise<{ records: number }> => {
  const { store, folder, next, stream, places, files, onProgress } = options
  await mkdir(folder, { recursive: true })
  const before = await readManifest(folder)
  if (before?.next.some((offset, partition) => offset > (next[partition] ?? 0))) {
    throw new ClickWatchError(
      'backup_ahead',
      409,
      `${folder} holds more than is here: it is the backup of something else.`,
    )
  }
  const madeAt = new Date().toISOString()
  const name = madeAt.replace(/[^0-9]/g, '')
  let records = 0

  const write = async (file: string, sql: string, parameters: Record<string, string | number>) => {
    const counted = async function* () {
      for await (const chunk of store.stream(sql, parameters, 'JSONEachRow')) {
        const bytes = Buffer.from(chunk)
        for (const byte of bytes) if (byte === 10) records++
        onProgress(records)
        yield bytes
      }
    }
    await through(
      Readable.from(counted()),
      createGzip({ level: 3 }),
      createWriteStream(join(folder, file), { flush: true }),
    )
  }

  const recordFiles: string[] = []
  for (const [partition, until] of next.entries()) {
    const from = before?.next[partition] ?? 0
    const file = `records-${name}-${partition}.jsonl.gz`
    // A dead letter that was replayed since lies before what the last backup went up to.
    await write(
      file,
      `SELECT ${columns} FROM bronze.web_cookies
       WHERE PartitionId = {partition:UInt16} AND Offset < {until:UInt64}
         AND (Offset >= {from:UInt64} OR EventProcessedUtcTime >= parseDateTime64BestEffort({since:String}, 3, 'UTC'))
       ORDER BY Offset`,
      { partition, from, until, since: before?.made_at ?? '2100-01-01T00:00:00Z' },
    )
    recordFiles.push(file)
  }
  const letters = `letters-${name}.jsonl.gz`
  await write(letters, 'SELECT * FROM bronze.dead_letters', {})
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(folder, file), content, { mode: 0o600, flush: true })
  }
  const manifest: Manifest = {
    version: 1,
    made_at: madeAt,
    next: [...next],
    stream,
    places: [...places],
    records: [...(before?.records ?? []), ...recordFiles],
    letters,
    files: Object.keys(files),
  }
  const draft = join(folder, `${manifestName}.new`)
  await writeFile(draft, JSON.stringify(manifest, undefined, 2), { flush: true })
  await rename(draft, join(folder, manifestName))
  return { records }
}

/**
 * Puts a backup into an empty store: bronze alone; silver and gold are to be made of it.
 * @returns of each partition, the offset to go on with, where that is in the stream, and the files that belong into the data folder
 * @throws {ClickWatchError} 404 when there is no backup in the folder, 409 when the store is not empty
 */
export const restore = async (options: {
  store: Store
  folder: string
  onProgress: (records: number) => void
}): Promise<{ next: number[]; stream: string; places: Place[]; files: string[] }> => {
  const { store, folder, onProgress } = options
  const manifest = await readManifest(folder)
  if (!manifest)
    throw new ClickWatchError('no_backup', 404, `There is no backup in ${folder}: it has no ${manifestName}.`)
  const [there] = await store.query<{ records: number }>('SELECT count() AS records FROM bronze.web_cookies')
  if (there?.records) {
    throw new ClickWatchError(
      'store_not_empty',
      409,
      `There are ${there.records} records in ClickHouse already; a backup is restored into an empty one.`,
    )
  }
  let records = 0
  const seen = new Set<string>()

  const read = async (file: string, table: string) => {
    let lines: string[] = []
    let part = 0
    const flush = async () => {
      if (lines.length > 0) await store.insert(table, Buffer.from(lines.join('\n')), `restore:${file}:${part++}`)
      records += lines.length
      lines = []
      onProgress(records)
    }
    const text = createReadStream(join(folder, file)).pipe(createGunzip())
    for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
      lines.push(line)
      if (lines.length >= restoredRows) await flush()
    }
    await flush()
  }

  for (const file of manifest.records) {
    if (seen.has(file)) continue
    seen.add(file)
    await read(file, 'bronze.web_cookies')
  }
  await read(manifest.letters, 'bronze.dead_letters')
  // Two backups within a moment may both hold a letter that was replayed between them.
  await store.execute(
    'OPTIMIZE TABLE bronze.web_cookies FINAL DEDUPLICATE BY PartitionId, Offset, EventEnqueuedUtcTime',
  )
  const present = new Set(await readdir(folder))
  return {
    next: manifest.next,
    stream: manifest.stream ?? embeddedStream,
    places: manifest.places ?? manifest.next.map((offset) => ({ offset, seen: {} })),
    files: manifest.files.filter((file) => present.has(file)).map((file) => join(folder, file)),
  }
}
