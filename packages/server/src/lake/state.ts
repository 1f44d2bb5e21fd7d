import type { LakeAnswer } from '@clickwatch/contract'

/** How the lake is, as whoever writes it says. */
export type LakeState = {
  /** Why it could not be written to the last time; undefined where it could. */
  failure: { reason: string; sinceMs: number } | undefined
  /** When it last had everything that was stored. */
  caughtUpAtMs: number
  /** Up to which offset of each partition of the stream it has what is stored. */
  at: readonly number[]
  tables: LakeAnswer['tables']
}

/** What is known before anybody has written it. */
export const unknownState = (nowMs: number): LakeState => ({
  failure: undefined,
  caughtUpAtMs: nowMs,
  at: [],
  tables: [],
})

export type Lag = { lag_records: number; lag_seconds: number }

/** How much is stored and not in the lake. @param reached up to which offset of each partition it is stored */
export const lagOf = ({ at, caughtUpAtMs }: LakeState, reached: readonly number[], nowMs: number): Lag => {
  const records = reached.reduce((sum, until, partition) => sum + Math.max(0, until - (at[partition] ?? 0)), 0)
  return { lag_records: records, lag_seconds: records === 0 ? 0 : Math.max(0, (nowMs - caughtUpAtMs) / 1000) }
}

export const answerOf = (place: string, state: LakeState, lag: Lag, erasures: number): LakeAnswer => ({
  place,
  is_away: state.failure !== undefined,
  ...(state.failure && { reason: state.failure.reason, since: new Date(state.failure.sinceMs).toISOString() }),
  ...lag,
  erasures,
  tables: [...state.tables],
})
