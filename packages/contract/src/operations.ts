import Type, { type Static } from 'typebox'

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

/** `GET /api/admin/dead-letters`: what was refused and is kept, of all sites. */
export const DeadLettersAnswer = Type.Object({
  reasons: Type.Array(Type.Object({ site: Type.String(), reason: Type.String(), letters: Type.Integer() })),
  latest: Type.Array(
    Type.Object({
      site: Type.String(),
      reason: Type.String(),
      detail: Type.String(),
      document: Type.String({ description: 'whole, as it arrived' }),
      arrived_at: Type.String({ description: 'ISO 8601, UTC' }),
    }),
    { description: 'the latest 100' },
  ),
})
export type DeadLettersAnswer = Static<typeof DeadLettersAnswer>

/** `GET /api/admin/lake`: how the lake is. */
export const LakeAnswer = Type.Object({
  place: Type.String({ description: 'where it lies' }),
  is_away: Type.Boolean({ description: 'whether it could not be written to the last time' }),
  reason: Type.Optional(Type.String({ description: 'why not' })),
  since: Type.Optional(Type.String({ description: 'since when, ISO 8601, UTC' })),
  lag_records: Type.Integer({ description: 'records of the stream that are stored and not yet in the lake' }),
  lag_seconds: Type.Number({ description: 'for how long it has not had all of them' }),
  erasures: Type.Integer({ description: 'that it has not yet done' }),
  tables: Type.Array(
    Type.Object({
      name: Type.String(),
      version: Type.Integer(),
      files: Type.Integer(),
      bytes: Type.Integer(),
      rows: Type.Integer(),
    }),
    { description: 'as they were when they were last written to; empty until the lake has been reached' },
  ),
})
export type LakeAnswer = Static<typeof LakeAnswer>
