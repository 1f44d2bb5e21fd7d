import { parquetReadObjects, type SchemaElement } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Action, Metadata, Protocol } from './actions.ts'
import { DeltaError } from './errors.ts'
import type { TableState } from './state.ts'

// "Checkpoints" and "Checkpoint Schema": the state of a version as one Parquet file, one action a row, in a column by the action's name.

type Named = Pick<SchemaElement, 'name'>
type Column = SchemaElement[]

const leaf = (
  name: string,
  type: 'STRING' | 'INT64' | 'INT32' | 'BOOLEAN',
  repetition_type = 'OPTIONAL' as const,
): Column =>
  type === 'STRING'
    ? [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' }, repetition_type }]
    : [{ name, type, repetition_type }]

const group = (name: string, ...columns: Column[]): Column => [
  { name, repetition_type: 'OPTIONAL', num_children: columns.length },
  ...columns.flat(),
]

const mapOfTexts = (name: string): Column => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
  { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
  { ...(leaf('key', 'STRING')[0] as SchemaElement & Named), repetition_type: 'REQUIRED' },
  ...leaf('value', 'STRING'),
]

const listOfTexts = (name: string): Column => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...leaf('element', 'STRING'),
]

const columns: Readonly<Record<string, Column>> = {
  txn: group('txn', leaf('appId', 'STRING'), leaf('version', 'INT64'), leaf('lastUpdated', 'INT64')),
  add: group(
    'add',
    leaf('path', 'STRING'),
    mapOfTexts('partitionValues'),
    leaf('size', 'INT64'),
    leaf('modificationTime', 'INT64'),
    leaf('dataChange', 'BOOLEAN'),
    leaf('stats', 'STRING'),
    mapOfTexts('tags'),
  ),
  remove: group(
    'remove',
    leaf('path', 'STRING'),
    leaf('deletionTimestamp', 'INT64'),
    leaf('dataChange', 'BOOLEAN'),
    leaf('extendedFileMetadata', 'BOOLEAN'),
    mapOfTexts('partitionValues'),
    leaf('size', 'INT64'),
    mapOfTexts('tags'),
  ),
  metaData: group(
    'metaData',
    leaf('id', 'STRING'),
    leaf('name', 'STRING'),
    leaf('description', 'STRING'),
    group('format', leaf('provider', 'STRING'), mapOfTexts('options')),
    leaf('schemaString', 'STRING'),
    listOfTexts('partitionColumns'),
    mapOfTexts('configuration'),
    leaf('createdTime', 'INT64'),
  ),
  protocol: group(
    'protocol',
    leaf('minReaderVersion', 'INT32'),
    leaf('minWriterVersion', 'INT32'),
    listOfTexts('readerFeatures'),
    listOfTexts('writerFeatures'),
  ),
}

/** Whole numbers of JSON become those of Parquet. Maps become their entries, which leaves no doubt about what is a map and what a struct. */
const forParquet = (value: unknown, schema: Column): unknown => {
  const [element, ...below] = schema
  if (value === undefined || value === null || element === undefined) return null
  if (element.converted_type === 'MAP') return Object.entries(value).map(([key, each]) => ({ key, value: each }))
  if (element.converted_type === 'LIST') return value
  if (element.type === 'INT64') return BigInt(value as number)
  if (element.num_children === undefined) return value
  const children: [string, unknown][] = []
  for (let at = 0; at < below.length; ) {
    const child = below.slice(at, at + lengthOf(below, at))
    const name = child[0]?.name ?? ''
    children.push([name, forParquet((value as Record<string, unknown>)[name], child)])
    at += child.length
  }
  return Object.fromEntries(children)
}

/** How many elements of a flattened schema belong to the one at a place. */
const lengthOf = (schema: Column, at: number): number => {
  let length = 1
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) length += lengthOf(schema, at + length)
  return length
}

export interface CheckpointFile {
  readonly bytes: Uint8Array
  /** How many actions it holds, which `_last_checkpoint` tells. */
  readonly size: number
}

/** A version as a checkpoint; tombstones from before a time are left out of it. */
export const writeCheckpoint = (state: TableState, tombstonesSinceMs: number): CheckpointFile => {
  const actions: Action[] = [
    { protocol: state.protocol as Protocol },
    { metaData: state.metadata as Metadata },
    ...[...state.transactions.values()].map((txn) => ({ txn })),
    // "dataChange" is of a commit and not of a state: readers want it false here.
    ...[...state.files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
    ...[...state.tombstones.values()]
      .filter(({ deletionTimestamp = 0 }) => deletionTimestamp >= tombstonesSinceMs)
      .map((remove) => ({ remove: { ...remove, dataChange: false } })),
  ]
  const bytes = parquetWriteBuffer({
    schema: group('checkpoint', ...Object.values(columns)).map((element, index) =>
      index === 0 ? { name: 'checkpoint', num_children: Object.keys(columns).length } : element,
    ),
    columnData: Object.entries(columns).map(([name, schema]) => ({
      name,
      data: actions.map((action) => forParquet(action[name as keyof Action], schema)),
    })),
    // Its readers take all of it; bounds of paths help nobody.
    statistics: false,
    createdBy: 'clickwatch-delta',
  })
  return { bytes: new Uint8Array(bytes), size: actions.length }
}

/** What Parquet gives, as JSON has it: numbers for big ones, and nothing where there is null (but for the values of a map). */
const fromParquet = (value: unknown, isMap = false): unknown => {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map((each) => fromParquet(each))
  if (value === null || typeof value !== 'object') return value
  const members = Object.entries(value)
    .filter(([, each]) => isMap || (each !== null && each !== undefined))
    .map(([key, each]) => [key, fromParquet(each, isMapName(key))])
  return Object.fromEntries(members)
}

const isMapName = (name: string): boolean => ['partitionValues', 'tags', 'options', 'configuration'].includes(name)

/** Checkpoints of every writer are read: with structs of statistics beside the text, in any of Parquet's compressions. */
export const readCheckpoint = async (bytes: Uint8Array, path: string): Promise<Action[]> => {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  try {
    const rows = await parquetReadObjects({ file, compressors })
    return rows.map((row) => fromParquet(row) as Action)
  } catch (error) {
    throw new DeltaError('corrupt_log', `${path} cannot be read as a checkpoint`, { cause: error })
  }
}
