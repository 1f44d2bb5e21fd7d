import { randomUUID } from 'node:crypto'
import type { Action, CommitInfo, Metadata } from './actions.ts'
import { commitIntent, type Surroundings } from './commit.ts'
import type { DataFile } from './data-file.ts'
import { DeltaError } from './errors.ts'
import { loadState, readCommit, refreshState } from './load.ts'
import { listLog } from './log-files.ts'
import { checkWritable, protocolFor, tombstoneRetentionMs } from './protocol.ts'
import { checkSchema, type StructField, type StructType } from './schema.ts'
import { type PartitionFilter, Snapshot } from './snapshot.ts'
import { emptyState } from './state.ts'
import type { Storage } from './storage/storage.ts'
import { checkpoint, cleanLog, findUnused } from './tidy.ts'
import { type Application, Transaction } from './transaction.ts'

export interface TableOptions extends Partial<Surroundings> {
  /** Who writes, as the history tells it. */
  readonly engineInfo?: string
  /** How often a version that others were first to write is tried again. */
  readonly maxAttempts?: number
}

export interface NewTable {
  readonly schema: StructType
  readonly partitionColumns?: readonly string[]
  readonly properties?: Readonly<Record<string, string>>
  readonly name?: string
  readonly description?: string
}

export interface WriteOptions {
  readonly application?: Application
}

/** What came of a write. A checkpoint that was due and failed leaves the commit as good as it is. */
export type Written =
  | { readonly outcome: 'committed'; readonly version: number; readonly checkpointError?: unknown }
  | { readonly outcome: 'written-before'; readonly version: number }

export interface HistoryEntry extends CommitInfo {
  readonly version: number
  readonly committedMs: number
}

const defaults = {
  engineInfo: 'clickwatch-delta',
  maxAttempts: 1000,
  nowMs: Date.now,
  random: Math.random,
  waitMs: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
}

const commitsACheckpoint = 10

/** A Delta table: its log, as one storage holds it. Rows are in Parquet files that another program writes and reads. */
export class DeltaTable {
  readonly storage: Storage
  readonly #options: typeof defaults
  #latest: Snapshot

  private constructor(storage: Storage, options: typeof defaults, latest: Snapshot) {
    this.storage = storage
    this.#options = options
    this.#latest = latest
  }

  /** Makes version 0. Of several that make the same table at once, one succeeds; the others are told that it exists. */
  static async create(storage: Storage, table: NewTable, options: TableOptions = {}): Promise<DeltaTable> {
    const { schema, partitionColumns = [], properties = {}, name, description } = table
    checkSchema(schema, partitionColumns)
    const chosen = { ...defaults, ...options }
    const protocol = protocolFor(schema)
    const metadata: Metadata = {
      id: randomUUID(),
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
      format: { provider: 'parquet', options: {} },
      schemaString: JSON.stringify(schema),
      partitionColumns,
      configuration: properties,
      createdTime: chosen.nowMs(),
    }
    checkWritable(protocol, metadata)
    if ((await listLog(storage)).length > 0) throw new DeltaError('table_exists', 'there is a table already')
    const actions: Action[] = [{ protocol }, { metaData: metadata }]
    const attempt = {
      intent: { actions, isolationLevel: 'Serializable' as const, readFiles: new Set<string>(), wouldRead: () => true },
      operation: 'CREATE TABLE',
      parameters: {
        partitionBy: JSON.stringify(partitionColumns),
        properties: JSON.stringify(properties),
        isManaged: 'false',
        ...(description !== undefined && { description }),
      },
      metrics: {},
      isBlindAppend: true,
      engineInfo: chosen.engineInfo,
      maxAttempts: 1,
    }
    try {
      const state = await commitIntent(storage, emptyState, attempt, chosen)
      return new DeltaTable(storage, chosen, new Snapshot(state))
    } catch (error) {
      const isTaken = error instanceof DeltaError && (error.isConflict || error.code === 'too_many_attempts')
      if (!isTaken) throw error
      throw new DeltaError('table_exists', 'another made a table here at the same time', { cause: error })
    }
  }

  static async open(storage: Storage, options: TableOptions = {}): Promise<DeltaTable> {
    const state = await loadState(storage)
    if (state === undefined) throw new DeltaError('no_table', 'there is no table here: its log is empty')
    return new DeltaTable(storage, { ...defaults, ...options }, new Snapshot(state))
  }

  /** The table as it was when it was last read or written here. */
  get known(): Snapshot {
    return this.#latest
  }

  /** The table as it is now. */
  async latest(): Promise<Snapshot> {
    const state = await refreshState(this.storage, this.#latest.state)
    if (state !== this.#latest.state) this.#latest = new Snapshot(state)
    return this.#latest
  }

  /** The table as it was at a version, as long as its log is kept. */
  async at(version: number): Promise<Snapshot> {
    const state = await loadState(this.storage, version)
    if (state === undefined) throw new DeltaError('no_such_version', `there is no version ${version}`)
    return new Snapshot(state)
  }

  /** The newest version that was there at a time. */
  async versionAt(timeMs: number): Promise<number> {
    const commits = (await listLog(this.storage)).filter((file) => file.kind === 'commit')
    // A clock may have gone back between two commits; versions do not.
    let found = -1
    for (const { version, modifiedMs } of commits.sort((a, b) => a.version - b.version)) {
      if (modifiedMs > timeMs) break
      found = version
    }
    if (found === -1)
      throw new DeltaError('no_such_version', `no version is as old as ${new Date(timeMs).toISOString()}`)
    return found
  }

  /** What was done, the newest first. */
  async history(limit = Number.POSITIVE_INFINITY): Promise<HistoryEntry[]> {
    const commits = (await listLog(this.storage)).filter((file) => file.kind === 'commit')
    const entries: HistoryEntry[] = []
    for (const { version, modifiedMs } of commits.sort((a, b) => b.version - a.version).slice(0, limit)) {
      const info = (await readCommit(this.storage, version))?.actions.find(({ commitInfo }) => commitInfo)?.commitInfo
      entries.push({ ...info, version, committedMs: info?.timestamp ?? modifiedMs })
    }
    return entries
  }

  /** Begins a transaction of one's own making over the table as it is now; `commit` writes it. */
  async begin(): Promise<Transaction> {
    return new Transaction(await this.latest(), this.#options.nowMs())
  }

  /** Adds files. Others' commits are in the way only if they change schema or protocol, or are the same application's. */
  async append(files: readonly DataFile[], { application }: WriteOptions = {}): Promise<Written> {
    const transaction = await this.begin()
    if (application) transaction.setApplication(application)
    transaction.add(files)
    return this.commit(transaction, 'WRITE', { mode: 'Append' })
  }

  /** Puts files in the place of all, or of those that a filter chooses by their partition; a new schema can come with them. */
  async overwrite(
    files: readonly DataFile[],
    options: WriteOptions & { readonly where?: PartitionFilter; readonly schema?: StructType } = {},
  ): Promise<Written> {
    const { application, where, schema } = options
    const outside = where && files.find(({ partitionValues = {} }) => !where(partitionValues))
    if (outside) throw new DeltaError('invalid_argument', `${outside.path} is not of the partitions to be overwritten`)
    const transaction = await this.begin()
    if (application) transaction.setApplication(application)
    if (schema) transaction.setSchema(schema)
    if (!transaction.isDone) transaction.remove(transaction.read(where).map(({ path }) => path))
    transaction.add(files)
    return this.commit(transaction, 'WRITE', { mode: 'Overwrite' })
  }

  /** Removes the files that a filter chooses by their partition. Their Parquet stays until a vacuum. */
  async remove(where: PartitionFilter, { application }: WriteOptions = {}): Promise<Written> {
    const transaction = await this.begin()
    if (application) transaction.setApplication(application)
    if (!transaction.isDone) transaction.remove(transaction.read(where).map(({ path }) => path))
    return this.commit(transaction, 'DELETE', { predicate: '[]' })
  }

  /** Puts files in the place of others that hold the same rows: readers of changes see none, and appends go on beside it. */
  async replace(paths: readonly string[], files: readonly DataFile[], options: WriteOptions = {}): Promise<Written> {
    const transaction = await this.begin()
    if (options.application) transaction.setApplication(options.application)
    transaction.rewritesOnly()
    if (!transaction.isDone) transaction.remove(paths)
    transaction.add(files)
    return this.commit(transaction, 'OPTIMIZE', { predicate: '[]', zOrderBy: '[]' })
  }

  /** Adds columns after those that are there; in the files of before they are null. */
  async addColumns(columns: readonly StructField[]): Promise<Written> {
    const transaction = await this.begin()
    const required = columns.find(({ nullable }) => !nullable)
    if (required)
      throw new DeltaError('invalid_argument', `${required.name} must be nullable: the rows that are there have none`)
    transaction.setSchema({ type: 'struct', fields: [...transaction.snapshot.schema.fields, ...columns] })
    return this.commit(transaction, 'ADD COLUMNS', { columns: JSON.stringify(columns) })
  }

  /** Sets properties of the table; null takes one away. */
  async setProperties(properties: Readonly<Record<string, string | null>>): Promise<Written> {
    const transaction = await this.begin()
    transaction.setProperties(properties)
    return this.commit(transaction, 'SET TBLPROPERTIES', { properties: JSON.stringify(properties) })
  }

  /** Writes a transaction, unless its application has written it before. Every tenth version gets a checkpoint. */
  async commit(
    transaction: Transaction,
    operation: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<Written> {
    transaction.take()
    if (transaction.isDone) return { outcome: 'written-before', version: transaction.snapshot.version }
    const { intent, metrics, isBlindAppend } = transaction
    const { engineInfo, maxAttempts } = this.#options
    const attempt = { intent, operation, parameters, metrics, isBlindAppend, engineInfo, maxAttempts }
    const state = await commitIntent(this.storage, transaction.snapshot.state, attempt, this.#options)
    this.#latest = new Snapshot(state)
    return { outcome: 'committed', version: state.version, ...(await this.#checkpointIfDue(this.#latest)) }
  }

  /** Writes a checkpoint of the table as it is now, and removes what of the log it and the retention allow to go. */
  async checkpoint(): Promise<number> {
    const snapshot = await this.latest()
    await this.#writeCheckpoint(snapshot)
    return snapshot.version
  }

  /**
   * Removes files that no version within the retention has; gives their paths. A retention below the table's own can take files from under
   * who reads or writes at this moment, so it has to be said that this is wanted.
   * @param options.folder of the table, such as a partition's: nothing outside of it is looked at
   */
  async vacuum(
    options: {
      readonly retentionMs?: number
      readonly dryRun?: boolean
      readonly allowShort?: boolean
      readonly folder?: string
    } = {},
  ): Promise<string[]> {
    const snapshot = await this.latest()
    checkWritable(snapshot.protocol, snapshot.metadata)
    const ownMs = tombstoneRetentionMs(snapshot.metadata)
    const { retentionMs = ownMs, dryRun = false, allowShort = false, folder = '' } = options
    if (retentionMs < ownMs && !allowShort) {
      throw new DeltaError(
        'invalid_argument',
        `the table keeps files for ${ownMs} ms; allowShort allows to keep them for less`,
      )
    }
    const unused = await findUnused(this.storage, snapshot, retentionMs, this.#options.nowMs(), folder)
    if (!dryRun) await this.storage.delete(unused)
    return unused
  }

  async #checkpointIfDue(snapshot: Snapshot): Promise<{ checkpointError?: unknown }> {
    const every = Number(snapshot.properties['delta.checkpointInterval'] ?? commitsACheckpoint)
    if (!(every > 0) || snapshot.version === 0 || snapshot.version % every !== 0) return {}
    try {
      await this.#writeCheckpoint(snapshot)
      return {}
    } catch (checkpointError) {
      return { checkpointError }
    }
  }

  async #writeCheckpoint(snapshot: Snapshot): Promise<void> {
    const nowMs = this.#options.nowMs()
    checkWritable(snapshot.protocol, snapshot.metadata)
    await checkpoint(this.storage, snapshot, nowMs)
    if (snapshot.properties['delta.enableExpiredLogCleanup'] !== 'false') await cleanLog(this.storage, snapshot, nowMs)
  }
}
