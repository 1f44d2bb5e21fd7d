import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { StartError } from '../errors.ts'
import { deviceOf, type Format, momentOf, type Read, screenOf } from './hit.ts'

/** Umami's event_type (https://github.com/umami-software/umami, lib/constants): 1 is a page view, 2 an event with a name. */
const pageView = '1'

const addressOf = ({ hostname = '', url_path = '/', url_query = '' }: Record<string, string>): string =>
  `https://${hostname || 'unknown'}${url_path.startsWith('/') ? '' : '/'}${url_path}${url_query && `?${url_query.replace(/^\?/, '')}`}`

const readRow = (row: Record<string, string>, timeZone: string): Read => {
  const { session_id = '', visit_id = '', created_at = '', event_type = '', event_name = '' } = row
  if (session_id === '') return { wrong: 'session_id is missing' }
  const timeMs = momentOf(created_at, timeZone)
  if (timeMs === undefined) return { wrong: `created_at is '${created_at}'; a moment is expected` }
  const isView = event_type === '' ? event_name === '' : event_type === pageView
  if (!isView && event_name === '') return { wrong: 'event_name is missing of what is no page view' }
  const {
    referrer_domain = '',
    referrer_path = '',
    browser = '',
    os = '',
    device = '',
    country = '',
    language = '',
  } = row
  return {
    hit: {
      ...{ visitor: session_id, visit: visit_id, timeMs, type: isView ? 'page_view' : event_name, url: addressOf(row) },
      referrer: isView && referrer_domain ? `https://${referrer_domain}${referrer_path}` : '',
      ...{ browser, os, device: deviceOf(device), country: country.slice(0, 2).toUpperCase(), language },
      ...{ city: row.city ?? '', screen: screenOf(row.screen), title: row.page_title ?? '' },
      ...{ source: row.utm_source ?? '', medium: row.utm_medium ?? '', campaign: row.utm_campaign ?? '' },
    },
  }
}

const needed = ['session_id', 'created_at', 'url_path']

/** The names of the columns. @throws {StartError} where they are not those of an export */
const headOf = (names: string[]): string[] => {
  const missing = needed.filter((name) => !names.includes(name))
  if (missing.length === 0) return names
  throw new StartError(`This is no export of Umami: its first line lacks ${missing.join(', ')}.`)
}

/** Umami's export of `website_event` as CSV, with the columns of its session. */
export const umami: Format = async function* (text, { timeZone }) {
  const rows = pipeline(
    Readable.from(text),
    parse({
      bom: true,
      columns: headOf,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }),
    () => undefined,
  )
  try {
    for await (const { record, info } of rows) {
      yield { line: (info as { lines: number }).lines, ...readRow(record as Record<string, string>, timeZone) }
    }
  } catch (error) {
    // A quote that is never closed takes the rest of the file with it; what came before stands.
    if (!(error instanceof CsvError)) throw error
    yield { line: Number(error.lines ?? 0), wrong: `and what follows cannot be read: ${error.message}` }
  }
}
