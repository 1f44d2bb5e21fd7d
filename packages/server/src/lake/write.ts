import { randomUUID } from 'node:crypto'
import { type DataFile, describeDataFile, partitionFolder, type Statistics } from '@clickwatch/delta'
import { messageOf } from '../errors.ts'
import type { Parameters } from '../store/store.ts'
import type { Ground } from './ground.ts'
import type { ParquetFiles } from './place.ts'
import { asFileRows, fileColumns, type LakeTable, type Values } from './tables.ts'

/** A SELECT with what its parameters stand for. */
export type Rows = { sql: string; parameters: Parameters }

/** The comment of a statement of the lake's, by which it is found where it has to be ended. */
export const lakeComment = 'clickwatch lake'

/** How many files are read at once: ClickHouse makes one pattern of their names. */
export const filesAtOnce = 200

// What does not answer is away: it is asked again by us, later, and not by ClickHouse for minutes. A folder's name tells no column.
const asking = `s3_retry_attempts = 2, s3_request_timeout_ms = 30000, s3_connect_timeout_ms = 5000, azure_sdk_max_retries = 2,
  use_hive_partitioning = 0`
/** For a SELECT of files' columns within a statement of somebody else's. */
// Where conditions of the statement around it are moved to the reader of Parquet, it loses columns that they need (ClickHouse 26.7).
export const readingSettings = `SETTINGS ${asking}, optimize_move_to_prewhere = 0`
const settings = `SETTINGS output_format_parquet_compression_method = 'zstd', output_format_parquet_row_group_size = 250000,
  ${asking}, log_comment = '${lakeComment}'`

/** The same files behind parameters of other names, so that several can be in one statement. */
export const renamed = ({ sql, parameters }: ParquetFiles, prefix: string): ParquetFiles => ({
  sql: sql.replaceAll('{lake_', `{${prefix}_`),
  parameters: Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name.replace(/^lake_/, `${prefix}_`), value]),
  ),
})

const saying = async <Result>({ place }: Pick<Ground, 'place'>, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    // Not as the cause, either: it says the same.
    throw new Error(place.withoutSecrets(messageOf(error)))
  }
}

/** Bounds of some columns alone: the log of a table is kept longer than what it tells of. */
const onlyBounded = ({ bounded }: LakeTable, statistics: Statistics | undefined): Statistics | undefined => {
  if (statistics === undefined) return undefined
  const some = <Value>(all: { readonly [name: string]: Value } | undefined) =>
    Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => bounded.includes(name)))
  const { numRecords, minValues, maxValues, nullCount } = statistics
  return { numRecords, minValues: some(minValues), maxValues: some(maxValues), ...(nullCount && { nullCount }) }
}

const writeFile = async (
  ground: Ground,
  table: LakeTable,
  values: Values,
  { sql, parameters }: Rows,
  tags: Readonly<Record<string, string>> | undefined,
): Promise<DataFile | undefined> => {
  const { store, place } = ground
  const { folder, schema, partitionColumns } = table
  const path = `${partitionFolder(partitionColumns, values)}/${randomUUID()}.parquet`
  const to = await place.parquet(folder, [path])
  await saying(ground, () =>
    store.writeOut(`INSERT INTO FUNCTION ${to.sql} ${sql} ${settings}`, { ...parameters, ...to.parameters }),
  )
  await place.settle(folder, path)
  const storage = place.storage(folder)
  const file = await describeDataFile(storage, path, { schema, partitionColumns, partitionValues: values })
  if (!file.statistics?.numRecords) {
    await storage.delete([path])
    return undefined
  }
  const statistics = onlyBounded(table, file.statistics)
  return { ...file, ...(statistics && { statistics }), ...(tags && { tags }) }
}

/** Writes rows of the store to a new file of a partition, which no version has yet; undefined where there are none. */
export const writeRows = (
  ground: Ground,
  table: LakeTable,
  values: Values,
  { sql, parameters }: Rows,
  tags?: Readonly<Record<string, string>>,
): Promise<DataFile | undefined> =>
  writeFile(ground, table, values, { sql: asFileRows(table, sql), parameters: { ...parameters, ...values } }, tags)

/** Writes what some files of a partition hold to a new one. @param where of which rows; all where it is left out */
export const writeAgain = async (
  ground: Ground,
  table: LakeTable,
  values: Values,
  paths: readonly [string, ...string[]],
  options: { where?: Rows; tags?: Readonly<Record<string, string>> | undefined } = {},
): Promise<DataFile | undefined> => {
  const { sql: files, parameters } = renamed(await ground.place.parquet(table.folder, paths), 'from')
  const columns = fileColumns(table).map(({ name }) => name)
  const sql = `SELECT ${columns.join(', ')} FROM ${files} ${options.where ? `WHERE ${options.where.sql}` : ''}`
  return writeFile(
    ground,
    table,
    values,
    { sql, parameters: { ...parameters, ...options.where?.parameters } },
    options.tags,
  )
}

/** Puts rows of files into a table of the store. @param insert makes a statement of the table function's SQL */
export const insertFrom = async (
  ground: Pick<Ground, 'store' | 'place'>,
  table: LakeTable,
  paths: readonly [string, ...string[]],
  insert: (files: string) => string,
  parameters: Parameters,
): Promise<void> => {
  const from = await ground.place.parquet(table.folder, paths)
  await saying(ground, () =>
    ground.store.execute(`${insert(from.sql)} ${settings}, insert_deduplicate = 0`, {
      ...from.parameters,
      ...parameters,
    }),
  )
}

/** Asks files of a table something. @param ask makes a SELECT of the table function's SQL */
export const askFiles = async <Row>(
  ground: Pick<Ground, 'store' | 'place'>,
  table: LakeTable,
  paths: readonly [string, ...string[]],
  ask: (files: string) => string,
  parameters: Parameters,
): Promise<Row[]> => {
  const from = await ground.place.parquet(table.folder, paths)
  return saying(ground, () =>
    ground.store.query<Row>(`${ask(from.sql)} ${settings}`, { ...from.parameters, ...parameters }),
  )
}
