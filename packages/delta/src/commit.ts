import { randomUUID } from 'node:crypto'
import { type Action, type CommitInfo, toLines } from './actions.ts'
import { checkConflicts, type Intent } from './conflicts.ts'
import { DeltaError } from './errors.ts'
import { readCommit } from './load.ts'
import { commitPath } from './log-files.ts'
import { applyCommits, type TableState } from './state.ts'
import type { Storage } from './storage/storage.ts'

/** Clock, chance and rest, passed in. */
export interface Surroundings {
  readonly nowMs: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  readonly waitMs: (durationMs: number) => Promise<void>
}

export interface Attempt {
  readonly intent: Intent
  readonly operation: string
  readonly parameters: Readonly<Record<string, string>>
  readonly metrics: Readonly<Record<string, string>>
  readonly isBlindAppend: boolean
  readonly engineInfo: string
  readonly maxAttempts: number
}

const isEqual = (a: Uint8Array, b: Uint8Array | undefined): boolean => b !== undefined && Buffer.compare(a, b) === 0

/** What was committed from a version on. */
const winnersFrom = async (storage: Storage, version: number) => {
  const winners = []
  for (let next = version; ; next++) {
    const winner = await readCommit(storage, next)
    if (winner === undefined) return winners
    winners.push(winner)
  }
}

/**
 * Writes an intent as the next version ("Atomicity", "Optimistic Concurrency"): whoever is first to write a version's file has it, and everybody
 * else looks at what was committed and, where it is not in the way, tries the version after. Gives the state with all of that.
 */
export const commitIntent = async (
  storage: Storage,
  read: TableState,
  attempt: Attempt,
  around: Surroundings,
): Promise<TableState> => {
  const { intent, operation, parameters, metrics, isBlindAppend, engineInfo, maxAttempts } = attempt
  const commitInfo: CommitInfo = {
    timestamp: around.nowMs(),
    operation,
    operationParameters: parameters,
    readVersion: read.version,
    isolationLevel: intent.isolationLevel,
    isBlindAppend,
    operationMetrics: metrics,
    engineInfo,
    txnId: randomUUID(),
  }
  const actions: Action[] = [{ commitInfo }, ...intent.actions]
  const bytes = toLines(actions)
  let state = read
  for (let tried = 0; tried < maxAttempts; tried++) {
    const version = state.version + 1
    const path = commitPath(version)
    if (await storage.putIfAbsent(path, bytes)) return applyCommits(state, [{ version, actions }])
    // The answer to a write can be lost, and a client that writes again is then told that the file exists: which is our own.
    if (isEqual(bytes, await storage.read(path))) return applyCommits(state, [{ version, actions }])
    const winners = await winnersFrom(storage, version)
    for (const winner of winners) checkConflicts(intent, winner)
    state = applyCommits(state, winners)
    await around.waitMs(around.random() * Math.min(2 ** tried, 100))
  }
  throw new DeltaError('too_many_attempts', `others were first ${maxAttempts} times; nothing was written`)
}
