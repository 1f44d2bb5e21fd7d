import { pipeline, type Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { messageOf, StartError } from '../../errors.ts'
import { isDay } from '../../time-zone.ts'
import { deviceOf } from '../hit.ts'

/** What the visits of a day, or its page views, are told apart by; each is a table of the export. */
export const tableNames = [
  'visitors',
  'sources',
  'locations',
  'devices',
  'browsers',
  'operating_systems',
  'entry_pages',
  'exit_pages',
  'pages',
  'custom_events',
] as const
export type TableName = (typeof tableNames)[number]

/** Of a day, those that have something in common, such as a browser: how many they are, and what they did. */
export type Row = {
  /** What they have in common, by our names; nothing in the table of all. */
  value: Readonly<Record<string, string>>
  visitors: number
  visits: number
  bounces: number
  durationS: number
  /** Page views, of pages and of the table of all; events, of events. */
  count: number
}
export type DatedRow = { date: string; row: Row }

type Columns = Readonly<Record<string, string>>
type Table = {
  /** Without these, it is another file. */
  needed: readonly string[]
  valueOf(columns: Columns): Record<string, string>
}

const known = (text: string | undefined): string => {
  const trimmed = text?.trim() ?? ''
  return /^\((not set|none)\)$/i.test(trimmed) ? '' : trimmed
}
const direct = /^direct \/ none$/i

/** How Plausible's exports are laid out (https://plausible.io/docs/csv-import), columns in any order, those that came later optional. */
const tables: Record<TableName, Table> = {
  visitors: { needed: ['visitors', 'pageviews', 'bounces', 'visits', 'visit_duration'], valueOf: () => ({}) },
  sources: {
    needed: ['source', 'visitors', 'visits', 'bounces', 'visit_duration'],
    valueOf: ({ source, referrer, utm_source, utm_medium, utm_campaign }) => ({
      source: known(source).replace(direct, ''),
      referrer: known(referrer).replace(direct, ''),
      utm_source: known(utm_source),
      utm_medium: known(utm_medium),
      utm_campaign: known(utm_campaign),
    }),
  },
  locations: {
    needed: ['country', 'visitors', 'visits', 'bounces', 'visit_duration'],
    // Regions are codes and cities numbers there, which the export has no names of.
    valueOf: ({ country }) => ({ country: known(country).slice(0, 2).toUpperCase() }),
  },
  devices: {
    needed: ['device', 'visitors', 'visits', 'bounces', 'visit_duration'],
    valueOf: ({ device }) => ({ device: deviceOf(known(device)) }),
  },
  browsers: {
    needed: ['browser', 'visitors', 'visits', 'bounces', 'visit_duration'],
    valueOf: ({ browser }) => ({ browser: known(browser) }),
  },
  operating_systems: {
    needed: ['operating_system', 'visitors', 'visits', 'bounces', 'visit_duration'],
    valueOf: ({ operating_system }) => ({ os: known(operating_system) }),
  },
  entry_pages: {
    needed: ['entry_page', 'visitors', 'entrances', 'bounces', 'visit_duration'],
    valueOf: ({ entry_page }) => ({ page: known(entry_page) }),
  },
  exit_pages: { needed: ['exit_page', 'visitors', 'exits'], valueOf: ({ exit_page }) => ({ page: known(exit_page) }) },
  pages: {
    needed: ['page', 'visitors', 'pageviews'],
    valueOf: ({ hostname, page }) => ({ hostname: known(hostname), page: known(page) }),
  },
  custom_events: {
    needed: ['name', 'visitors', 'events'],
    valueOf: ({ name, path }) => ({ name: known(name), path: known(path) }),
  },
}

/** The table that a file of an export is, by its name such as `imported_pages_20240101_20240131.csv`. */
export const tableOf = (fileName: string): TableName | undefined => {
  const [, name] = /^imported_([a-z_]+?)(?:_\d{8}_\d{8})?\.csv$/.exec(fileName) ?? []
  return tableNames.find((each) => each === name)
}

const whole = (columns: Columns, name: string): number => {
  const text = columns[name]
  if (text === undefined) return 0
  const value = Number(text)
  return text.trim() !== '' && Number.isInteger(value) && value >= 0 ? value : Number.NaN
}

/** @returns why a row cannot be read */
const readRow = (table: TableName, columns: Columns): DatedRow | string => {
  const { date = '' } = columns
  if (!isDay(date)) return `date is '${date}'; a day is expected`
  const row: Row = {
    value: tables[table].valueOf(columns),
    visitors: whole(columns, 'visitors'),
    visits: whole(columns, table === 'entry_pages' ? 'entrances' : table === 'exit_pages' ? 'exits' : 'visits'),
    bounces: whole(columns, 'bounces'),
    durationS: whole(columns, 'visit_duration'),
    count: whole(columns, table === 'custom_events' ? 'events' : 'pageviews'),
  }
  const wrong = Object.entries(row).find(([, value]) => Number.isNaN(value))
  if (wrong) return `has something in ${wrong[0]} that is no whole number`
  if (table === 'custom_events' && row.value.name === '') return 'name is missing'
  return { date, row }
}

/** Reads a table row by row. @throws {StartError} where it is not what its name says */
export async function* rowsOf(
  table: TableName,
  fileName: string,
  text: Readable,
): AsyncIterable<{ line: number } & ({ read: DatedRow } | { wrong: string })> {
  const headOf = (names: string[]): string[] => {
    const missing = ['date', ...tables[table].needed].filter((name) => !names.includes(name))
    if (missing.length === 0) return names
    throw new StartError(`${fileName} is no table of Plausible's: its first line lacks ${missing.join(', ')}.`)
  }
  const rows = pipeline(
    text,
    parse({ bom: true, columns: headOf, info: true, trim: true, skip_empty_lines: true, relax_column_count: true }),
    () => undefined,
  )
  try {
    for await (const { record, info } of rows) {
      const read = readRow(table, record as Columns)
      yield { line: (info as { lines: number }).lines, ...(typeof read === 'string' ? { wrong: read } : { read }) }
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    const line = error instanceof CsvError ? `, line ${error.lines}` : ''
    throw new StartError(`${fileName}${line} cannot be read: ${messageOf(error)}.`, { cause: error })
  }
}
