import { type DataFile, DeltaTable, type Storage } from '../src/index.ts'
import type { Places } from './storage-contract.ts'
export declare const schema: import('../src/schema.ts').StructType
/** A file that is there, with nothing in it that the log would look at. */
export declare const file: (storage: Storage, date: string, numRecords?: number) => Promise<DataFile>
export declare const create: (storage: Storage, properties?: Record<string, string>) => Promise<DeltaTable>
export declare const pathsOf: (
  files: readonly {
    path: string
  }[],
) => string[]
/** What a table does on every form of storage. */
export declare const itIsATable: (places: Places) => void
