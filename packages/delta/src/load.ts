import { fromLines } from './actions.ts'
import { readCheckpoint } from './checkpoint.ts'
import { DeltaError } from './errors.ts'
import { commitPath, type LogFile, lastCheckpointPath, listLog, logFolder } from './log-files.ts'
import { applyCommits, type Commit, emptyState, type TableState } from './state.ts'
import type { Storage } from './storage/storage.ts'

const atOnce = 8

/** Reads files some at a time, and gives them in order. */
const readAll = async <T>(items: readonly T[], read: (item: T) => Promise<Commit>): Promise<Commit[]> => {
  const commits: Commit[] = []
  for (let from = 0; from < items.length; from += atOnce) {
    commits.push(...(await Promise.all(items.slice(from, from + atOnce).map(read))))
  }
  return commits
}

export const readCommit = async (storage: Storage, version: number): Promise<Commit | undefined> => {
  const path = commitPath(version)
  const bytes = await storage.read(path)
  return bytes && { version, actions: fromLines(bytes, path) }
}

const readBytes = async (storage: Storage, path: string): Promise<Uint8Array> => {
  const bytes = await storage.read(path)
  if (bytes === undefined) throw new DeltaError('corrupt_log', `${path} was listed, and is gone`)
  return bytes
}

const isCheckpoint = (file: LogFile): file is LogFile & { kind: 'checkpoint' } => file.kind === 'checkpoint'

/** The newest checkpoint that is not past a version and has all its parts. */
const newestCheckpoint = (log: readonly LogFile[], version: number): (LogFile & { kind: 'checkpoint' })[] => {
  const byKind = Map.groupBy(
    log.filter(isCheckpoint).filter((file) => file.version <= version),
    (file) => `${file.version} ${file.parts}`,
  )
  const whole = [...byKind.values()].filter((files) => files.length === files[0]?.parts)
  return whole.reduce((newest, files) => ((files[0]?.version ?? -1) > (newest[0]?.version ?? -1) ? files : newest), [])
}

/** The commits' versions up to one, which have to follow each other from a version on without a gap. */
const commitsAfter = (log: readonly LogFile[], after: number, upTo: number): number[] => {
  const versions = log
    .flatMap((file) => (file.kind === 'commit' ? [file.version] : []))
    .filter((version) => version > after && version <= upTo)
    .sort((a, b) => a - b)
  versions.forEach((version, index) => {
    const expected = after + 1 + index
    if (version === expected) return
    throw new DeltaError(
      after === -1 && index === 0 ? 'no_such_version' : 'corrupt_log',
      `${logFolder} has no commit ${expected}, and no checkpoint that stands for it`,
    )
  })
  return versions
}

const lastCheckpointVersion = async (storage: Storage): Promise<number> => {
  const bytes = await storage.read(lastCheckpointPath)
  if (bytes === undefined) return 0
  try {
    const { version } = JSON.parse(new TextDecoder().decode(bytes)) as { version?: unknown }
    return typeof version === 'number' ? version : 0
  } catch {
    // It only says where to begin to look: without it, one looks from the beginning, as the protocol asks.
    return 0
  }
}

const isDamage = (error: unknown): boolean =>
  error instanceof DeltaError && ['corrupt_log', 'no_such_version'].includes(error.code)

const stateFrom = async (storage: Storage, log: readonly LogFile[], upTo: number): Promise<TableState | undefined> => {
  const parts = newestCheckpoint(log, upTo)
  const checkpointVersion = parts[0]?.version ?? -1
  const versions = commitsAfter(log, checkpointVersion, upTo)
  const version = versions.at(-1) ?? checkpointVersion
  if (version === -1 || (upTo !== Number.POSITIVE_INFINITY && version !== upTo)) return undefined
  let checkpointed: Commit[]
  try {
    checkpointed = await readAll(parts, async (part) => ({
      version: part.version,
      actions: await readCheckpoint(await readBytes(storage, part.path), part.path),
    }))
  } catch (error) {
    if (!isDamage(error)) throw error
    // An older checkpoint and the commits since say the same, as long as they are kept.
    const others = log.filter((file) => !(isCheckpoint(file) && file.version === checkpointVersion))
    return stateFrom(storage, others, upTo)
  }
  const commits = await readAll(versions, async (each) => ({
    version: each,
    actions: fromLines(await readBytes(storage, commitPath(each)), commitPath(each)),
  }))
  return applyCommits(emptyState, [...checkpointed, ...commits])
}

/** The table's state, now or at a version; undefined where there is no table. */
export const loadState = async (storage: Storage, version?: number): Promise<TableState | undefined> => {
  const upTo = version ?? Number.POSITIVE_INFINITY
  const hint = await lastCheckpointVersion(storage)
  if (hint > 0 && hint <= upTo) {
    try {
      const state = await stateFrom(storage, await listLog(storage, hint), upTo)
      if (state !== undefined) return state
    } catch (error) {
      // The checkpoint it points to may be damaged or gone: then what is before it is asked.
      if (!isDamage(error)) throw error
    }
  }
  const log = await listLog(storage)
  const state = await stateFrom(storage, log, upTo)
  if (state !== undefined) return state
  const newest = log.reduce((most, file) => Math.max(most, file.version), -1)
  if (newest === -1) return undefined
  if (log.some((file) => file.kind === 'other-checkpoint')) {
    throw new DeltaError(
      'unsupported_feature',
      'the table has checkpoints of the form V2, which this package does not support',
    )
  }
  throw new DeltaError('no_such_version', `there is no version ${version}: the newest is ${newest}`)
}

/** The state with what was committed since. */
export const refreshState = async (storage: Storage, state: TableState): Promise<TableState> => {
  const newer = await listLog(storage, state.version + 1)
  if (newer.length === 0) return state
  const versions = newer.flatMap((file) => (file.kind === 'commit' ? [file.version] : [])).sort((a, b) => a - b)
  const follow = versions.every((version, index) => version === state.version + 1 + index)
  // A gap: the log was tidied since, and a checkpoint stands for what is gone.
  if (!follow || versions.length === 0) return (await loadState(storage)) ?? state
  const commits = await readAll(versions, async (version) => ({
    version,
    actions: fromLines(await readBytes(storage, commitPath(version)), commitPath(version)),
  }))
  return applyCommits(state, commits)
}
