import { crc32 } from 'node:zlib'

/** A number that a row has, by itself and by SQL alike; what is not said of it is what the table takes it for. */
type Rule = { sql: string; of: (row: Record<string, unknown>) => number }

const byText = (column: string): Rule => ({ sql: `CRC32(${column})`, of: (row) => crc32(String(row[column] ?? '')) })
const bySum = (...columns: string[]): Rule => ({
  sql: columns.join(' + '),
  of: (row) => columns.reduce((sum, column) => sum + Number(row[column] ?? 0), 0),
})

/**
 * What belongs to a visitor is together, so that their visits, duplicates and amendments meet where they are, and nobody is in the
 * roll-ups of two shards. What belongs to a record of the stream is together, too: evenly, a record here, the next one there.
 */
export const rules: Readonly<Record<string, Rule>> = {
  'bronze.web_cookies': bySum('PartitionId', 'Offset'),
  'bronze.dead_letters': bySum('PartitionId', 'Offset'),
  'silver.excluded': bySum('stream_partition', 'stream_offset'),
  'silver.ledger': bySum('stream_partition'),
  'silver.final_cookies': byText('user_id'),
  'silver.sessions': byText('visitor_id'),
  'silver.events': byText('visitor_id'),
}

/** What other tables hang on is split; what has no rule is filled by that, and of what is put into it all the same nothing is lost. */
const elsewhere: Rule = { sql: '0', of: () => 0 }

/** Rows of JSONEachRow by shard; a shard that gets none has no lines. */
export const split = (table: string, rows: Buffer, shards: number): Buffer[] => {
  const rule = rules[table.replace('_next.', '.')] ?? elsewhere
  const lines: string[][] = Array.from({ length: shards }, () => [])
  for (const line of rows.toString('utf8').split('\n')) {
    if (line === '') continue
    const share = lines[rule.of(JSON.parse(line) as Record<string, unknown>) % shards]
    if (!share) throw new Error(`a row of ${table} has no number`)
    share.push(line)
  }
  return lines.map((ofShard) => Buffer.from(ofShard.join('\n')))
}
