/** What an operator has done to a running server: `POST /api/admin/…`. Each answers lines of JSON (NDJSON), the last one `done` or `failed`. */
export type OperationLine =
  /** How far it is: `done` of `total`, and about how many seconds are left, where that is known. */
  | { type: 'progress'; done: number; total: number; eta_s?: number }
  /** An invariant that was looked at: `found` is what it comes to, `expected` what it has to be. */
  | { type: 'check'; name: string; where: string; found: number; expected: number }
  /** Something that was asked for. */
  | { type: 'line'; sentence: string }
  | { type: 'done'; sentence: string; is_good: boolean }
  | { type: 'failed'; code: string; sentence: string }

/** `GET /api/admin/dead-letters`: what was refused and is kept, of all sites: how many by reason, and the latest 100. */
export type DeadLettersAnswer = {
  reasons: { site: string; reason: string; letters: number }[]
  latest: { site: string; reason: string; detail: string; document: string; arrived_at: string }[]
}

/** `GET /api/admin/lake`: how the lake is. */
export type LakeAnswer = {
  /** Where it lies. */
  place: string
  /** Whether it could not be written to the last time; then why, and since when. */
  is_away: boolean
  reason?: string
  since?: string
  /** Records of the stream that are stored and not yet in the lake, and for how long it has not had all of them. */
  lag_records: number
  lag_seconds: number
  /** Erasures that it has not yet done. */
  erasures: number
  /** As they were when they were last written to; empty until the lake has been reached. */
  tables: { name: string; version: number; files: number; bytes: number; rows: number }[]
}
