import { ClickWatchError, messageOf } from '../errors.ts'
import type { Bounds } from './store.ts'

/** Nobody reads this: whoever asked is gone. 499 is nginx's number for it. */
export const left = (): ClickWatchError =>
  new ClickWatchError('asker_left', 499, 'Whoever asked left before the answer.')

/**
 * A SELECT with its bounds.
 * @param name under which it is found among what is running
 */
export const boundedSql = (sql: string, { seconds, memoryBytes, rows }: Bounds, name: string): string =>
  `${sql}
SETTINGS max_execution_time = ${seconds}, max_memory_usage = ${memoryBytes}, max_rows_to_read = ${rows}, log_comment = '${name}'`

/** What ClickHouse says of a question past its bounds, in words for who asked; anything else as it is. */
export const boundsError = (error: unknown, { seconds, memoryBytes, rows, signal }: Bounds): unknown => {
  if (signal?.aborted) return left()
  const said = messageOf(error)
  const costly = (what: string): ClickWatchError =>
    new ClickWatchError(
      'query_too_costly',
      422,
      `The question ${what}. Ask a shorter range, fewer dimensions or fewer filters; the operator can raise the limit.`,
      { cause: error },
    )
  if (/TIMEOUT_EXCEEDED|TOO_SLOW/.test(said)) return costly(`takes more than ${seconds} seconds`)
  if (/MEMORY_LIMIT_EXCEEDED/.test(said)) return costly(`takes more than ${Math.round(memoryBytes / 1e6)} MB of memory`)
  if (/TOO_MANY_ROWS/.test(said)) return costly(`reads more than ${rows} rows`)
  return error
}
