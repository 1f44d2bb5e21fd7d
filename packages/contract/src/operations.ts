/** What an operator has done to a running server: `POST /api/admin/…`. Each answers lines of JSON (NDJSON), the last one `done` or `failed`. */
export type OperationLine =
  /** How far it is: `done` of `total`, and about how many seconds are left, where that is known. */
  | { type: 'progress'; done: number; total: number; eta_s?: number }
  /** An invariant that was looked at: `found` is what it comes to, `expected` what it has to be. */
  | { type: 'check'; name: string; where: string; found: number; expected: number }
  | { type: 'done'; sentence: string; is_good: boolean }
  | { type: 'failed'; code: string; sentence: string }

/** `GET /api/admin/dead-letters`: what was refused and is kept, of all sites: how many by reason, and the latest 100. */
export type DeadLettersAnswer = {
  reasons: { site: string; reason: string; letters: number }[]
  latest: { site: string; reason: string; detail: string; document: string; arrived_at: string }[]
}
