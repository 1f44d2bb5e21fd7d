import { changesTable } from '../store/changes.ts'
import type { Store } from '../store/store.ts'
import type { StreamRecord } from '../stream/stream.ts'
import { amendmentRows } from './amend.ts'
import { batchTables, needsOf, type Outcome, processBatch } from './batch.ts'
import { changesOf } from './changed.ts'
import { jsonEachRow } from './json-each-row.ts'
import type { Memory } from './memory.ts'
import { readOrigins } from './origins.ts'
import type { Plan } from './positions.ts'
import { readRecords, type VisitRulesOf } from './read.ts'

/** A batch that is computed and not yet stored. */
export type Prepared = { outcome: Outcome; inserts: Plan['inserts'] }

/**
 * Computes what some records come to; stores nothing and remembers nothing.
 * @param records some of the stream, in order
 * @param options.notes what has changed is noted for who keeps a copy elsewhere, of records that are new or were passed over before
 * @param token stands for these records, so that the same inserts are known when they come again
 */
export const prepare = async (
  records: readonly StreamRecord[],
  token: string,
  options: { store: Store; memory: Memory; rulesOf: VisitRulesOf; notes?: 'new' | 'again' | undefined },
): Promise<Prepared> => {
  const { store, memory, rulesOf, notes } = options
  const batch = readRecords(records, rulesOf)
  const known = await memory.recall(needsOf(batch))
  const nowMs = Date.now()
  let outcome = processBatch(batch, known, rulesOf, nowMs)
  if (outcome.unknown.length > 0) {
    const origins = await readOrigins(store, outcome.unknown, rulesOf)
    outcome = processBatch(batch, known, rulesOf, nowMs, origins)
  }
  outcome.rows['silver.events'].push(...(await amendmentRows(store, outcome.amendments)))
  const inserts = batchTables
    .filter((table) => outcome.rows[table].length > 0)
    .map((table) => ({ table: table as string, token, rows: jsonEachRow(outcome.rows[table]) }))
  const changes = notes ? changesOf(outcome.rows, notes === 'again') : []
  if (changes.length > 0) {
    inserts.push({ table: changesTable, token, rows: jsonEachRow(changes.map((each) => ({ ...each, batch: token }))) })
  }
  return { outcome, inserts }
}

/** Takes over what a stored batch has made of its visitors. */
export const rememberOutcome = (memory: Memory, { visitors }: Outcome): void => {
  for (const [key, visitor] of visitors) memory.remember(key, visitor)
}
