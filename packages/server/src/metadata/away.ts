import { ClickWatchError } from '../errors.ts'

/** What is said while the metadata cannot be asked. */
export const databaseAway = (cause?: unknown): ClickWatchError =>
  new ClickWatchError(
    'database_away',
    503,
    'The database of what people set up does not answer; try again in a moment.',
    { retryAfterSeconds: 2, cause },
  )
