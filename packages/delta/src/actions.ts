import { DeltaError } from './errors.ts'

// The actions of the log, by the names and shapes that the protocol gives them ("Actions"). Paths in them are URI-encoded.

export interface Protocol {
  readonly minReaderVersion: number
  readonly minWriterVersion: number
  readonly readerFeatures?: readonly string[]
  readonly writerFeatures?: readonly string[]
}

export interface Metadata {
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly format: { readonly provider: string; readonly options: Readonly<Record<string, string>> }
  readonly schemaString: string
  readonly partitionColumns: readonly string[]
  readonly configuration: Readonly<Record<string, string>>
  readonly createdTime?: number
}

/** Null, or the empty text, is SQL's NULL. */
export type PartitionValues = Readonly<Record<string, string | null>>

export interface Add {
  readonly path: string
  readonly partitionValues: PartitionValues
  readonly size: number
  readonly modificationTime: number
  readonly dataChange: boolean
  readonly stats?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly deletionVector?: unknown
}

export interface Remove {
  readonly path: string
  readonly deletionTimestamp?: number
  readonly dataChange: boolean
  readonly extendedFileMetadata?: boolean
  readonly partitionValues?: PartitionValues
  readonly size?: number
  readonly tags?: Readonly<Record<string, string>>
  readonly deletionVector?: unknown
}

/** What an application had written when it committed: `version` only grows. */
export interface Transaction {
  readonly appId: string
  readonly version: number
  readonly lastUpdated?: number
}

export interface CommitInfo {
  readonly timestamp?: number
  readonly operation?: string
  readonly operationParameters?: Readonly<Record<string, unknown>>
  readonly readVersion?: number
  readonly isolationLevel?: string
  readonly isBlindAppend?: boolean
  readonly engineInfo?: string
  readonly txnId?: string
  readonly operationMetrics?: Readonly<Record<string, string>>
}

/** A line of a commit is one action: an object with one member. */
export interface Action {
  readonly add?: Add
  readonly remove?: Remove
  readonly metaData?: Metadata
  readonly protocol?: Protocol
  readonly txn?: Transaction
  readonly commitInfo?: CommitInfo
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const toLines = (actions: readonly Action[]): Uint8Array =>
  encoder.encode(actions.map((action) => `${JSON.stringify(action)}\n`).join(''))

/** Actions without meaning here (cdc, domainMetadata, and what a later protocol adds) come along; a reader passes over them. */
export const fromLines = (bytes: Uint8Array, path: string): Action[] =>
  decoder
    .decode(bytes)
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return []
      try {
        return [JSON.parse(line) as Action]
      } catch (error) {
        throw new DeltaError('corrupt_log', `line ${index + 1} of ${path} is no JSON`, { cause: error })
      }
    })
