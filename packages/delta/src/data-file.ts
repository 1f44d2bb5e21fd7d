import type { Add, PartitionValues, Remove } from './actions.ts'
import { DeltaError } from './errors.ts'
import { readFooter, statisticsOfFooter } from './parquet-statistics.ts'
import { decodePath, encodePath, isAbsolutePath } from './path-encoding.ts'
import type { StructType } from './schema.ts'
import { readStatistics, type Statistics, writeStatistics } from './statistics.ts'
import type { Storage } from './storage/storage.ts'

/** A Parquet file of a table, as its callers know it. */
export interface DataFile {
  /** Relative to the table's root, as the storage has it. */
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedMs?: number
  /** One for each partition column, as text ("Partition Value Serialization"); null is NULL. */
  readonly partitionValues?: PartitionValues
  readonly statistics?: Statistics
  readonly tags?: Readonly<Record<string, string>>
}

/** A file that is part of a version. */
export interface TableFile extends DataFile {
  readonly modifiedMs: number
  readonly partitionValues: PartitionValues
}

/** The empty text and null are both NULL; here there is one of them. */
const withNulls = (values: PartitionValues): PartitionValues =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === '' ? null : value]))

export const toAdd = (file: DataFile, partitionColumns: readonly string[], nowMs: number, dataChange: boolean): Add => {
  const { path, sizeBytes, modifiedMs = nowMs, partitionValues = {}, statistics, tags } = file
  if (isAbsolutePath(path) || path.split('/').some((part) => part === '..' || part === '.' || part === '')) {
    throw new DeltaError('invalid_argument', `'${path}' is no path below the table's root`)
  }
  const given = Object.keys(partitionValues)
  if (given.length !== partitionColumns.length || partitionColumns.some((name) => !given.includes(name))) {
    const expected = partitionColumns.join(', ') || 'none'
    throw new DeltaError(
      'invalid_argument',
      `${path} has partition values of ${given.join(', ') || 'none'}; expected: ${expected}`,
    )
  }
  return {
    path: encodePath(path),
    partitionValues: withNulls(partitionValues),
    size: sizeBytes,
    modificationTime: Math.floor(modifiedMs),
    dataChange,
    ...(statistics && { stats: writeStatistics(statistics) }),
    ...(tags && { tags }),
  }
}

export const toRemove = (add: Add, nowMs: number, dataChange: boolean): Remove => ({
  path: add.path,
  deletionTimestamp: nowMs,
  dataChange,
  extendedFileMetadata: true,
  partitionValues: add.partitionValues,
  size: add.size,
  ...(add.tags && { tags: add.tags }),
})

export const toTableFile = (add: Add): TableFile => ({
  path: decodePath(add.path),
  sizeBytes: add.size,
  modifiedMs: add.modificationTime,
  partitionValues: withNulls(add.partitionValues),
  ...(add.stats && { statistics: readStatistics(add.stats) }),
  ...(add.tags && { tags: add.tags }),
})

export interface Described {
  readonly schema: StructType
  readonly partitionColumns: readonly string[]
  readonly partitionValues?: PartitionValues
}

/** A Parquet file that was just written, with its size, and with the statistics that its footer tells. */
export const describeDataFile = async (storage: Storage, path: string, described: Described): Promise<TableFile> => {
  const { schema, partitionColumns, partitionValues = {} } = described
  const stored = await storage.stat(path)
  if (stored === undefined) throw new DeltaError('invalid_argument', `there is no file ${path}`)
  const footer = await readFooter(storage, path, stored.sizeBytes)
  return {
    path,
    sizeBytes: stored.sizeBytes,
    modifiedMs: stored.modifiedMs,
    partitionValues,
    statistics: statisticsOfFooter(footer, schema, partitionColumns),
  }
}
