import type { Metadata, PartitionValues, Protocol } from './actions.ts'
import { type TableFile, toTableFile } from './data-file.ts'
import { DeltaError } from './errors.ts'
import { checkReadable } from './protocol.ts'
import { parseSchema, type StructType } from './schema.ts'
import type { TableState } from './state.ts'

/** Chooses files by the values of the table's partition columns. */
export type PartitionFilter = (values: PartitionValues) => boolean

/** A table at one version: what it looks like, and which files are its rows. */
export class Snapshot {
  readonly version: number
  readonly protocol: Protocol
  readonly metadata: Metadata
  readonly schema: StructType
  readonly state: TableState

  constructor(state: TableState) {
    const { protocol, metadata } = state
    if (protocol === undefined || metadata === undefined) {
      throw new DeltaError('corrupt_log', `the log up to version ${state.version} has no protocol or no metadata`)
    }
    checkReadable(protocol, metadata)
    for (const [path, { deletionVector }] of state.files) {
      if (deletionVector === undefined || deletionVector === null) continue
      throw new DeltaError('unsupported_feature', `${path} has a deletion vector, which this package does not support`)
    }
    this.state = state
    this.version = state.version
    this.protocol = protocol
    this.metadata = metadata
    this.schema = parseSchema(metadata.schemaString)
  }

  get partitionColumns(): readonly string[] {
    return this.metadata.partitionColumns
  }

  get properties(): Readonly<Record<string, string>> {
    return this.metadata.configuration
  }

  files(filter: PartitionFilter = () => true): TableFile[] {
    return [...this.state.files.values()].map(toTableFile).filter((file) => filter(file.partitionValues))
  }

  /** How far an application has written; undefined where it never did. */
  transactionVersion(applicationId: string): number | undefined {
    return this.state.transactions.get(applicationId)?.version
  }
}
