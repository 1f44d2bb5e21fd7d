import { writeCheckpoint } from './checkpoint.ts'
import { DeltaError } from './errors.ts'
import { checkpointPath, lastCheckpointPath, listLog, logFolder } from './log-files.ts'
import { isAbsolutePath } from './path-encoding.ts'
import { logRetentionMs, tombstoneRetentionMs } from './protocol.ts'
import type { Snapshot } from './snapshot.ts'
import type { Storage } from './storage/storage.ts'

const encoder = new TextEncoder()

/** "Last Checkpoint File". Who comes late does not point others to an older one. */
const pointTo = async (storage: Storage, version: number, size: number, sizeInBytes: number, numOfAddFiles: number) => {
  const there = await storage.read(lastCheckpointPath)
  if (there !== undefined) {
    const known = /"version":\s*(\d+)/.exec(new TextDecoder().decode(there))?.[1]
    if (Number(known ?? -1) > version) return
  }
  await storage.put(lastCheckpointPath, encoder.encode(JSON.stringify({ version, size, sizeInBytes, numOfAddFiles })))
}

/** Writes a version's checkpoint, and only then tells where it is. Writing it twice does no harm. */
export const checkpoint = async (storage: Storage, snapshot: Snapshot, nowMs: number): Promise<void> => {
  const { bytes, size } = writeCheckpoint(snapshot.state, nowMs - tombstoneRetentionMs(snapshot.metadata))
  await storage.put(checkpointPath(snapshot.version), bytes)
  await pointTo(storage, snapshot.version, size, bytes.length, snapshot.state.files.size)
}

/**
 * "Metadata Cleanup": removes what of the log is older than its retention and that the oldest checkpoint to be kept stands for. Every
 * version from that checkpoint on stays readable.
 */
export const cleanLog = async (storage: Storage, snapshot: Snapshot, nowMs: number): Promise<string[]> => {
  const beforeMs = nowMs - logRetentionMs(snapshot.metadata)
  const log = await listLog(storage)
  const expired = log.filter((file) => file.kind === 'commit' && file.modifiedMs < beforeMs)
  const newestExpired = Math.max(-1, ...expired.map(({ version }) => version))
  const checkpoints = log.filter((file) => file.kind === 'checkpoint' && file.parts === 1)
  const kept = Math.max(-1, ...checkpoints.map(({ version }) => version).filter((version) => version <= newestExpired))
  const gone = log.filter(({ version, modifiedMs }) => version < kept && modifiedMs < beforeMs)
  const paths = gone.sort((a, b) => a.version - b.version).map(({ path }) => path)
  await storage.delete(paths)
  return paths
}

const leftOver = /(^|\/)\.[0-9a-f-]{36}\.tmp$/

/** Hidden folders and files are other programs' business; but a partition column's name may begin with an underscore. */
const isHidden = (path: string, partitionColumns: readonly string[]): boolean =>
  path.split('/').some((part) => {
    if (part.startsWith('.')) return true
    return part.startsWith('_') && !partitionColumns.some((column) => part.startsWith(`${column}=`))
  })

/** The files that no version within the retention has, and that are older than it: none that somebody is about to commit. */
export const findUnused = async (
  storage: Storage,
  snapshot: Snapshot,
  retentionMs: number,
  nowMs: number,
  folder = '',
): Promise<string[]> => {
  const beforeMs = nowMs - retentionMs
  const recent = [...snapshot.state.tombstones].filter(([, { deletionTimestamp = 0 }]) => deletionTimestamp >= beforeMs)
  const used = new Set([...snapshot.state.files.keys(), ...recent.map(([path]) => path)])
  const unused: string[] = []
  for await (const { path, modifiedMs } of storage.list(folder)) {
    if (modifiedMs >= beforeMs || used.has(path)) continue
    if (leftOver.test(path) || !(path.startsWith(`${logFolder}/`) || isHidden(path, snapshot.partitionColumns))) {
      unused.push(path)
    }
  }
  // A table whose files are named absolutely lies elsewhere, too: what is here may be theirs.
  const elsewhere = [...used].find(isAbsolutePath)
  if (elsewhere !== undefined)
    throw new DeltaError(
      'unsupported_feature',
      `${elsewhere} lies outside of the table: a vacuum could remove what is used`,
    )
  return unused
}
