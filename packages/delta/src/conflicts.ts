import type { Action, Add } from './actions.ts'
import { DeltaError } from './errors.ts'
import { decodePath } from './path-encoding.ts'
import type { Commit } from './state.ts'

/**
 * How much another's commit in between may have changed ("isolationLevel" in commitInfo): Serializable allows nothing that was read to change;
 * WriteSerializable lets rows come in by a writer that read nothing; SnapshotIsolation, for rewriting the same rows, lets any come in.
 */
export type IsolationLevel = 'Serializable' | 'WriteSerializable' | 'SnapshotIsolation'

/** What a transaction has read and is about to write: all that decides whether another's commit is in its way. */
export interface Intent {
  readonly actions: readonly Action[]
  readonly isolationLevel: IsolationLevel
  /** Decoded paths of the files that were read. */
  readonly readFiles: ReadonlySet<string>
  /** Whether a file, had it been there, would have been read. */
  readonly wouldRead: (file: Add) => boolean
}

const conflict = (code: DeltaError['code'], version: number, what: string): never => {
  throw new DeltaError(code, `version ${version}, committed in the meantime, ${what}`)
}

/** Throws if a commit that won is in the way of an intent. The order and the names are those of Delta's own checks. */
export const checkConflicts = (intent: Intent, winner: Commit): void => {
  const { version, actions } = winner
  const ours = intent.actions
  if (actions.some(({ protocol }) => protocol)) {
    conflict('concurrent_protocol_change', version, 'changed what the table asks of its readers and writers')
  }
  if (actions.some(({ metaData }) => metaData)) {
    conflict('concurrent_metadata_change', version, 'changed the schema or the properties of the table')
  }

  const isBlindAppend = actions.some(({ commitInfo }) => commitInfo?.isBlindAppend === true)
  const addsMatter =
    intent.isolationLevel === 'Serializable' ||
    (intent.isolationLevel === 'WriteSerializable' && (!isBlindAppend || ours.some(({ metaData }) => metaData)))
  if (addsMatter) {
    const unseen = actions.find(({ add }) => add?.dataChange && intent.wouldRead(add))?.add
    if (unseen) conflict('concurrent_append', version, `added ${unseen.path}, which would have been read`)
  }

  const removed = new Set(ours.flatMap(({ remove }) => (remove ? [decodePath(remove.path)] : [])))
  for (const { remove } of actions) {
    if (remove === undefined) continue
    const path = decodePath(remove.path)
    if (removed.has(path)) conflict('concurrent_delete_delete', version, `removed ${path}, which was to be removed`)
    if (intent.readFiles.has(path)) conflict('concurrent_delete_read', version, `removed ${path}, which was read`)
  }

  const applications = new Set(ours.flatMap(({ txn }) => (txn ? [txn.appId] : [])))
  const same = actions.find(({ txn }) => txn && applications.has(txn.appId))?.txn
  if (same) conflict('concurrent_transaction', version, `is by the same application, ${same.appId}`)
}
