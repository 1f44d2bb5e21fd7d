import type { Action, Add, Metadata, Protocol, Remove, Transaction } from './actions.ts'
import { decodePath } from './path-encoding.ts'

/** What a table is at a version: "Action Reconciliation", as a value. Files are kept by their decoded paths. */
export interface TableState {
  readonly version: number
  readonly protocol: Protocol | undefined
  readonly metadata: Metadata | undefined
  readonly files: ReadonlyMap<string, Add>
  /** What was removed, for those who still read an older version, and for a vacuum. */
  readonly tombstones: ReadonlyMap<string, Remove>
  readonly transactions: ReadonlyMap<string, Transaction>
}

export const emptyState: TableState = {
  version: -1,
  protocol: undefined,
  metadata: undefined,
  files: new Map(),
  tombstones: new Map(),
  transactions: new Map(),
}

export interface Commit {
  readonly version: number
  readonly actions: readonly Action[]
}

/** The state after commits (or a checkpoint's actions, which are the same) in their order. */
export const applyCommits = (state: TableState, commits: readonly Commit[]): TableState => {
  let { version, protocol, metadata } = state
  const files = new Map(state.files)
  const tombstones = new Map(state.tombstones)
  const transactions = new Map(state.transactions)
  for (const commit of commits) {
    version = commit.version
    for (const { add, remove, txn, protocol: newProtocol, metaData } of commit.actions) {
      if (newProtocol) protocol = newProtocol
      if (metaData) metadata = metaData
      if (txn) transactions.set(txn.appId, txn)
      if (remove) {
        const path = decodePath(remove.path)
        files.delete(path)
        tombstones.set(path, remove)
      }
      if (add) {
        const path = decodePath(add.path)
        tombstones.delete(path)
        files.set(path, add)
      }
    }
  }
  return { version, protocol, metadata, files, tombstones, transactions }
}
