import { ClickWatchError, invalidField, messageOf } from '../../errors.ts'
import { boundsError } from '../bounds.ts'
import type { OwnBounds } from '../store.ts'

/** The bounds as settings; `readonly` is to be the last that is set. */
export const ownSettings = ({
  seconds,
  memoryBytes,
  rows,
  resultRows,
  resultBytes,
}: OwnBounds): Record<string, number | string> => ({
  max_execution_time: seconds,
  max_memory_usage: memoryBytes,
  max_rows_to_read: rows,
  max_result_rows: resultRows,
  max_result_bytes: resultBytes,
  result_overflow_mode: "'throw'",
  max_threads: 2,
})

/** What is wrong with somebody's SQL, in ClickHouse's words less its own inside. */
export const ownError = (error: unknown, bounds: OwnBounds): unknown => {
  const said = messageOf(error)
  if (/TOO_MANY_ROWS_OR_BYTES/.test(said) && !bounds.signal?.aborted) {
    const most = `${bounds.resultRows} rows or ${Math.round(bounds.resultBytes / 1e6)} MB`
    return new ClickWatchError('query_too_costly', 422, `The answer is longer than ${most}; add a LIMIT.`, {
      cause: error,
    })
  }
  const bounded = boundsError(error, bounds)
  if (bounded !== error || !/DB::Exception|\([A-Z_]+\)/.test(said)) return bounded
  const sentence = said
    .replace(/^.*?DB::Exception: /s, '')
    .replace(/ ?\(((version|official)[^)]*|[\da-f-]{36})\)/g, '')
    .slice(0, 1000)
  return invalidField('sql', `is refused by ClickHouse: ${sentence}`)
}
