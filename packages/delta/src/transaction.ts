import type { Action, Add, Metadata } from './actions.ts'
import type { Intent, IsolationLevel } from './conflicts.ts'
import { type DataFile, toAdd, toRemove } from './data-file.ts'
import { DeltaError } from './errors.ts'
import { allowsSchema, checkWritable, isAppendOnly } from './protocol.ts'
import { checkSchema, type StructType } from './schema.ts'
import type { PartitionFilter, Snapshot } from './snapshot.ts'

/** What is written of an idempotent writer: the same id with the same or a lesser version is written once. */
export interface Application {
  readonly id: string
  readonly version: number
}

/** What is to be committed, gathered over one version of the table. Nothing here touches the storage. */
export class Transaction {
  readonly snapshot: Snapshot
  readonly #nowMs: number
  readonly #adds = new Map<string, Add>()
  readonly #removes = new Map<string, Add>()
  readonly #filters: PartitionFilter[] = []
  readonly #readFiles = new Set<string>()
  #metadata: Metadata | undefined
  readonly #applications = new Map<string, number>()
  #dataChange = true
  #isTaken = false

  constructor(snapshot: Snapshot, nowMs: number) {
    checkWritable(snapshot.protocol, snapshot.metadata)
    this.snapshot = snapshot
    this.#nowMs = nowMs
  }

  /** The files of a version, of which this transaction now depends: a change of them by another is a conflict. */
  read(filter: PartitionFilter = () => true) {
    this.#filters.push(filter)
    const files = this.snapshot.files(filter)
    for (const { path } of files) this.#readFiles.add(path)
    return files
  }

  /** Adds and removes from here on hold the same rows as before, in other files. */
  rewritesOnly(): void {
    this.#dataChange = false
  }

  add(files: readonly DataFile[]): void {
    for (const file of files) {
      if (this.#adds.has(file.path)) throw new DeltaError('invalid_argument', `${file.path} is added twice`)
      if (this.snapshot.state.files.has(file.path)) {
        throw new DeltaError('invalid_argument', `${file.path} is part of the table already`)
      }
      this.#adds.set(file.path, toAdd(file, this.#partitionColumns(), this.#nowMs, this.#dataChange))
    }
  }

  remove(paths: readonly string[]): void {
    if (paths.length > 0 && this.#dataChange && isAppendOnly(this.snapshot.metadata)) {
      throw new DeltaError('append_only', 'the table only takes in rows (delta.appendOnly)')
    }
    for (const path of paths) {
      const file = this.snapshot.state.files.get(path)
      if (file === undefined) {
        throw new DeltaError('invalid_argument', `${path} is not part of version ${this.snapshot.version}`)
      }
      this.#readFiles.add(path)
      this.#removes.set(path, file)
    }
  }

  setProperties(properties: Readonly<Record<string, string | null>>): void {
    const configuration = { ...this.#currentMetadata().configuration }
    for (const [name, value] of Object.entries(properties)) {
      if (value === null) delete configuration[name]
      else configuration[name] = value
    }
    this.#setMetadata({ ...this.#currentMetadata(), configuration })
  }

  setSchema(schema: StructType): void {
    checkSchema(schema, this.#partitionColumns())
    if (!allowsSchema(this.snapshot.protocol, schema)) {
      throw new DeltaError('unsupported_feature', 'the new schema needs a feature that the table does not have')
    }
    this.#setMetadata({ ...this.#currentMetadata(), schemaString: JSON.stringify(schema) })
  }

  /** How far an application is with this. What comes of several sources at once may say so of each of them. */
  setApplication({ id, version }: Application): void {
    if (!Number.isSafeInteger(version)) {
      throw new DeltaError('invalid_argument', `the version of ${id} is no whole number`)
    }
    this.#applications.set(id, version)
  }

  /** Called by who commits it, which is done once: after a conflict, too, one begins anew from the table as it is then. */
  take(): void {
    if (this.#isTaken) throw new DeltaError('invalid_argument', 'the transaction was committed before; begin another')
    this.#isTaken = true
  }

  /** Whether the application has written this, or more, before: of several, each of them. */
  get isDone(): boolean {
    const isWritten = ([id, version]: [string, number]): boolean =>
      (this.snapshot.transactionVersion(id) ?? Number.NEGATIVE_INFINITY) >= version
    return this.#applications.size > 0 && [...this.#applications].every(isWritten)
  }

  /** Whether it depends on nothing that the table holds. */
  get isBlindAppend(): boolean {
    return this.#filters.length === 0 && this.#readFiles.size === 0 && this.#metadata === undefined
  }

  get metrics(): Readonly<Record<string, string>> {
    const bytes = (files: Iterable<Add>) => String([...files].reduce((sum, { size }) => sum + size, 0))
    return {
      numFiles: String(this.#adds.size),
      numOutputBytes: bytes(this.#adds.values()),
      numRemovedFiles: String(this.#removes.size),
      numRemovedBytes: bytes(this.#removes.values()),
    }
  }

  get intent(): Intent {
    const actions: Action[] = []
    for (const [appId, version] of this.#applications) {
      actions.push({ txn: { appId, version, lastUpdated: this.#nowMs } })
    }
    if (this.#metadata) actions.push({ metaData: this.#metadata })
    for (const add of this.#removes.values()) actions.push({ remove: toRemove(add, this.#nowMs, this.#dataChange) })
    for (const add of this.#adds.values()) actions.push({ add })
    return {
      actions,
      isolationLevel: this.#isolationLevel(),
      readFiles: this.#readFiles,
      wouldRead: ({ partitionValues }) => this.#filters.some((filter) => filter(partitionValues)),
    }
  }

  #isolationLevel(): IsolationLevel {
    if (!this.#dataChange) return 'SnapshotIsolation'
    return this.snapshot.properties['delta.isolationLevel'] === 'WriteSerializable'
      ? 'WriteSerializable'
      : 'Serializable'
  }

  #partitionColumns(): readonly string[] {
    return this.snapshot.partitionColumns
  }

  #currentMetadata(): Metadata {
    return this.#metadata ?? this.snapshot.metadata
  }

  #setMetadata(metadata: Metadata): void {
    checkWritable(this.snapshot.protocol, metadata)
    this.#metadata = metadata
  }
}
