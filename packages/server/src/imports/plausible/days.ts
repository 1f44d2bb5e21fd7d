import { StartError } from '../../errors.ts'
import { type DatedRow, type Row, rowsOf, type TableName, tableOf } from './tables.ts'
import type { Archive } from './zip.ts'

/** A day of an export: what each table says of it. */
export type Day = { date: string; tables: ReadonlyMap<TableName, readonly Row[]> }

/** What an archive says beside its days. */
export type Heard = {
  onBytes(bytes: number): void
  onWrong(refused: { file: string; line: number; reason: string }): Promise<void>
}

const add = (one: Row, other: Row): Row => ({
  value: one.value,
  visitors: one.visitors + other.visitors,
  visits: one.visits + other.visits,
  bounces: one.bounces + other.bounces,
  durationS: one.durationS + other.durationS,
  count: one.count + other.count,
})

/** Rows that differ in nothing that is taken over, such as two versions of a browser, are one. */
const together = (rows: readonly Row[]): Row[] => {
  const merged = new Map<string, Row>()
  for (const row of rows) {
    const key = JSON.stringify(row.value)
    const before = merged.get(key)
    merged.set(key, before ? add(before, row) : row)
  }
  return [...merged.values()].sort((one, other) => other.visits - one.visits || other.count - one.count)
}

type Cursor = { table: TableName; file: string; rows: AsyncIterator<DatedRow>; next: DatedRow | undefined }

async function* readable(
  table: TableName,
  file: string,
  archive: Archive,
  { onBytes, onWrong }: Heard,
): AsyncGenerator<DatedRow> {
  const text = await archive.read(file)
  text.on('data', (chunk: Buffer) => onBytes(chunk.length))
  text.pause()
  for await (const { line, ...each } of rowsOf(table, file, text)) {
    if ('read' in each) yield each.read
    else await onWrong({ file, line, reason: each.wrong })
  }
}

/** The rows of one day of a table that is in the order of its days. @throws {StartError} where it is not */
const takeDay = async (cursor: Cursor, date: string): Promise<Row[]> => {
  const rows: Row[] = []
  while (cursor.next?.date === date) {
    rows.push(cursor.next.row)
    const { value, done } = await cursor.rows.next()
    cursor.next = done ? undefined : value
    if (cursor.next && cursor.next.date < date) {
      throw new StartError(`${cursor.file} is not in the order of its days: ${cursor.next.date} comes after ${date}.`)
    }
  }
  return rows
}

/**
 * The days of an export, one after the other, whatever its size: its tables are read beside each other.
 * @throws {StartError} where the table of all is missing, or one cannot be read
 */
export async function* daysOf(archive: Archive, heard: Heard): AsyncIterable<Day> {
  const cursors: Cursor[] = []
  for (const file of [...archive.files.keys()].sort()) {
    const table = tableOf(file)
    if (table === undefined) continue
    const rows = readable(table, file, archive, heard)
    const { value, done } = await rows.next()
    cursors.push({ table, file, rows, next: done ? undefined : value })
  }
  if (!cursors.some(({ table }) => table === 'visitors')) {
    throw new StartError('This is no export of Plausible: there is no imported_visitors….csv in it.')
  }
  for (;;) {
    const dates = cursors.flatMap(({ next }) => next?.date ?? [])
    const date = dates.toSorted()[0]
    if (date === undefined) return
    const tables = new Map<TableName, Row[]>()
    for (const cursor of cursors) {
      const rows = await takeDay(cursor, date)
      tables.set(cursor.table, [...(tables.get(cursor.table) ?? []), ...rows])
    }
    yield { date, tables: new Map([...tables].map(([table, rows]) => [table, together(rows)])) }
  }
}
