import type { Rejection } from '@clickwatch/contract'
import { ClickWatchError, messageOf } from '../errors.ts'
import type { Checked } from '../http/validation.ts'
import type { StreamDocument } from '../stream/document.ts'

/** One of the things that a request holds, before it is checked: a value, or why it could not even be read. */
export type Candidate = { text: () => string; read: () => unknown }

/** What a request holds: the good to be taken, of the bad what to tell the sender and what to keep. */
export type Sorted<T> = {
  accepted: { index: number; value: T }[]
  rejected: Rejection[]
  refused: (StreamDocument & { kind: 'refused' })[]
}

/** Checks each by itself, so that one that is wrong does not take the others with it. */
export const sortOut = <T>(
  candidates: readonly Candidate[],
  check: (value: unknown) => Checked<T>,
  site: string,
): Sorted<T> => {
  const sorted: Sorted<T> = { accepted: [], rejected: [], refused: [] }
  for (const [index, candidate] of candidates.entries()) {
    const reject = (field: string, reason: string) => {
      sorted.rejected.push({ index, field, reason })
      sorted.refused.push({ kind: 'refused', site, received_at: Date.now(), field, reason, document: candidate.text() })
    }
    let value: unknown
    try {
      value = candidate.read()
    } catch (error) {
      reject('', messageOf(error))
      continue
    }
    const checked = check(value)
    if (checked.ok) sorted.accepted.push({ index, value: checked.value })
    else reject(checked.field, checked.reason)
  }
  return sorted
}

/**
 * A request of which nothing was good is refused as a whole.
 * @param path where in the request the candidates are, for example 'events'; '' for the request itself
 * @throws {ClickWatchError} 400 naming the first field that is wrong
 */
export const requireAny = ({ accepted, rejected }: Sorted<unknown>, path: string): void => {
  const [first] = rejected
  if (accepted.length > 0 || !first) return
  const field = [path, first.index, first.field].filter((part) => part !== '').join('/')
  const others = rejected.length > 1 ? ' (the first of several)' : ''
  throw new ClickWatchError('invalid_field', 400, `${field} ${first.reason}${others}`, {
    field,
    beside: { accepted: 0, rejected },
  })
}
