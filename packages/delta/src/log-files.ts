import type { Storage, StoredFile } from './storage/storage.ts'

// "Delta Log Entries" and "Checkpoints": the names of the log's files.

export const logFolder = '_delta_log'
export const lastCheckpointPath = `${logFolder}/_last_checkpoint`

const digits = (version: number): string => String(version).padStart(20, '0')

export const commitPath = (version: number): string => `${logFolder}/${digits(version)}.json`
export const checkpointPath = (version: number): string => `${logFolder}/${digits(version)}.checkpoint.parquet`

export type LogFile = StoredFile &
  (
    | { readonly kind: 'commit'; readonly version: number }
    | { readonly kind: 'checkpoint'; readonly version: number; readonly part: number; readonly parts: number }
    /** A checkpoint named by a UUID (V2). */
    | { readonly kind: 'other-checkpoint'; readonly version: number }
    /** The checksum of a version, or several commits in one: other writers' aids, that nothing rests on. */
    | { readonly kind: 'aid'; readonly version: number }
  )

const checkpoint = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/

export const asLogFile = (file: StoredFile): LogFile | undefined => {
  const name = file.path.slice(logFolder.length + 1)
  if (!/^\d{20}\./.test(name) || name.includes('/')) return undefined
  const version = Number(name.slice(0, 20))
  if (name.length === 25 && name.endsWith('.json')) return { ...file, kind: 'commit', version }
  const [, , part, parts] = checkpoint.exec(name) ?? []
  if (checkpoint.test(name)) {
    return { ...file, kind: 'checkpoint', version, part: Number(part ?? 1), parts: Number(parts ?? 1) }
  }
  if (name.includes('.checkpoint.')) return { ...file, kind: 'other-checkpoint', version }
  return { ...file, kind: 'aid', version }
}

/** The log's files from a version on. */
export const listLog = async (storage: Storage, fromVersion = 0): Promise<LogFile[]> => {
  const found: LogFile[] = []
  // A name of digits and a dot comes before all that the version has: commits, checkpoints, checksums.
  for await (const file of storage.list(logFolder, `${logFolder}/${digits(fromVersion)}.`)) {
    const known = asLogFile(file)
    if (known) found.push(known)
  }
  return found
}
