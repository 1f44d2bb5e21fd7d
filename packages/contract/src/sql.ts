import Type, { type Static } from 'typebox'
import { SiteId } from './text.ts'

export const sqlFormats = ['json', 'csv', 'ndjson', 'parquet'] as const
export type SqlFormat = (typeof sqlFormats)[number]

/** The body of `POST /api/sql`: somebody's own SELECT over a site's tables. */
export const SqlQuery = Type.Object(
  {
    site_id: Type.Optional(SiteId),
    sql: Type.String({ minLength: 1, maxLength: 20_000, description: 'one SELECT; docs/sql.md has its tables' }),
    format: Type.Optional(
      Type.Enum([...sqlFormats], { description: 'json when left out; the others are files, and may be longer' }),
    ),
  },
  { additionalProperties: false },
)
export type SqlQuery = Static<typeof SqlQuery>

/** The answer of `POST /api/sql` as JSON. Numbers beyond 2^53 come as text. */
export const SqlAnswer = Type.Object({
  columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String({ description: "ClickHouse's" }) })),
  rows: Type.Array(Type.Array(Type.Unknown())),
  rows_read: Type.Integer(),
  bytes_read: Type.Integer(),
  elapsed_ms: Type.Integer(),
})
export type SqlAnswer = Static<typeof SqlAnswer>

/** `GET /api/sql/tables`: what can be asked. */
export const SqlTables = Type.Object({
  tables: Type.Array(
    Type.Object({
      name: Type.String(),
      description: Type.String(),
      columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String(), comment: Type.String() })),
    }),
  ),
})
export type SqlTables = Static<typeof SqlTables>
