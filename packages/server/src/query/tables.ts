import type { TableName } from '@clickwatch/contract'
import type { Store } from '../store/store.ts'

const selects: Record<TableName, string> = {
  final_cookies: `SELECT session_id, user_id, replaceOne(toString(timestamp), ' ', 'T') || 'Z' AS timestamp, device_type, os, browser,
      page_url, referrer, Platform, event_type, time_spent_seconds, is_returning_visitor, visit_count
    FROM silver.final_cookies AS cookies WHERE site = {site:String} ORDER BY user_id, cookies.timestamp`,
  visit_count: `SELECT user_id, sum(visitor_count) AS visitor_count
    FROM silver.visit_count AS counts WHERE site = {site:String} GROUP BY user_id ORDER BY user_id`,
}

async function* asJson(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  // ClickHouse gives a row a line; the answer is one document, whatever its size, so the commas are put in on the way.
  let rest = ''
  let separator = '{"rows": [\n'
  const decoder = new TextDecoder()
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    const rows = lines.filter((line) => line !== '')
    if (rows.length === 0) continue
    yield Buffer.from(separator + rows.join(',\n'))
    separator = ',\n'
  }
  const last = rest === '' ? '' : separator + rest
  yield Buffer.from(separator.startsWith('{') && last === '' ? '{"rows": []}\n' : `${last}\n]}\n`)
}

/** One of the reference's two tables, whole, as it is read. */
export const tableAs = (
  store: Store,
  table: TableName,
  site: string,
  format: 'json' | 'csv',
): AsyncIterable<Uint8Array> => {
  if (format === 'csv') return store.stream(selects[table], { site }, 'CSVWithNames')
  return asJson(store.stream(selects[table], { site }, 'JSONEachRow'))
}
