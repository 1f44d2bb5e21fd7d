import type { LakeAnswer, OperationLine } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Lake } from './lake.ts'

type Operation = (say: (line: OperationLine) => void) => Promise<void>

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** How a lake is, line by line. */
const linesOf = ({
  place,
  is_away,
  reason,
  since,
  lag_records,
  lag_seconds,
  erasures,
  tables,
}: LakeAnswer): string[] => [
  is_away ? `The lake ${place} is away since ${since}: ${reason}` : `The lake is ${place}.`,
  lag_records === 0
    ? 'It has all that is stored.'
    : `${lag_records} records that are stored are not in it; it had everything ${Math.round(lag_seconds)} s ago.`,
  ...(erasures > 0 ? [`Erasures that wait for it: ${erasures}`] : []),
  ...tables.map(
    ({ name, version, files, bytes, rows }) =>
      `${name.padEnd(22)} version ${version}, ${rows} rows in ${files} files, ${megabytes(bytes)}`,
  ),
]

/** What `clickwatch lake …` has a running engine do. */
export const createLakeOperations = (lake: Lake | undefined): Record<string, Operation> => {
  const withLake =
    (work: (lake: Lake, say: (sentence: string) => void) => Promise<string>): Operation =>
    async (say) => {
      if (!lake) {
        throw new ClickWatchError(
          'no_lake',
          409,
          'There is no lake: CLICKWATCH_LAKE names the place of one (docs/lake.md).',
        )
      }
      const sentence = await work(lake, (line) => say({ type: 'line', sentence: line }))
      say({ type: 'done', sentence, is_good: true })
    }
  return {
    'lake-status': withLake(async (lake, say) => {
      const status = await lake.status()
      for (const line of linesOf(status)) say(line)
      return status.is_away ? 'Nothing else waits for it.' : 'It is kept up.'
    }),
    'lake-catch-up': withLake(async (lake) => {
      await lake.catchUp()
      return 'The lake has all that is stored.'
    }),
    'lake-compact': withLake(async (lake) => `${await lake.compact()} files have become fewer.`),
    'lake-vacuum': withLake(async (lake) => `${await lake.vacuum()} files that no version needs are removed.`),
    'lake-rebuild': withLake(async (lake) => {
      await lake.rebuild()
      return 'The lake is written anew from what is stored.'
    }),
  }
}
