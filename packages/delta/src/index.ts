export type {
  Add,
  CommitInfo,
  Metadata,
  PartitionValues,
  Protocol,
  Remove,
  Transaction as TransactionAction,
} from './actions.ts'
export type { IsolationLevel } from './conflicts.ts'
export { type DataFile, type Described, describeDataFile, type TableFile } from './data-file.ts'
export { DeltaError, type DeltaErrorCode } from './errors.ts'
export { partitionFolder } from './path-encoding.ts'
export * from './schema.ts'
export { type PartitionFilter, Snapshot } from './snapshot.ts'
export type { NullCounts, Statistics, StatisticsValue } from './statistics.ts'
export type { Storage, StoredFile } from './storage/storage.ts'
export {
  DeltaTable,
  type HistoryEntry,
  type NewTable,
  type TableOptions,
  type WriteOptions,
  type Written,
} from './table.ts'
export { type Application, Transaction } from './transaction.ts'
