import type { IntakeAnswer, Rejection } from '@clickwatch/contract'
import { ClickWatchError, messageOf } from '../errors.ts'
import type { Checked } from '../http/validation.ts'
import type { StreamDocument } from '../stream/document.ts'

/** One of the things that a request holds, before it is checked: a value, or why it could not even be read. */
export type Candidate = { text: () => string; read: () => unknown }

/** What a request holds: the good to be taken, of the bad what to tell the sender and what to keep. */
export type Sorted<T> = {
  accepted: T[]
  rejected: Rejection[]
  refused: (StreamDocument & { kind: 'refused' })[]
}

/** What is good as a whole. */
export const only = <T>(accepted: T[]): Sorted<T> => ({ accepted, rejected: [], refused: [] })

/** Checks each by itself, so that one that is wrong does not take the others with it. */
export const sortOut = <T>(
  candidates: readonly Candidate[],
  check: (value: unknown, index: number) => Checked<T>,
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
    const checked = check(value, index)
    if (checked.ok) sorted.accepted.push(checked.value)
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

/** @param ignoredFields how many fields of what was taken are not known here */
export const answerOf = ({ accepted, rejected }: Sorted<unknown>, ignoredFields: number): IntakeAnswer => ({
  accepted: accepted.length,
  rejected,
  ...(ignoredFields > 0 ? { ignored_fields: ignoredFields } : {}),
})
