/** A value that a query's `{name:Type}` stands for. */
export type Parameter = string | number | boolean | readonly string[]
export type Parameters = Record<string, Parameter>

/** What a question may cost before it is ended, and when nobody waits for its answer any more. */
export type Bounds = {
  seconds: number
  memoryBytes: number
  /** Rows read. */
  rows: number
  signal?: AbortSignal
}

/** What the answer to somebody's own SQL may be, beside what any question may cost. */
export type OwnBounds = Bounds & { resultRows: number; resultBytes: number }

/** A question in somebody's own SQL. */
export type OwnQuestion = {
  site: string
  /** One SELECT, as `readStatement` wrote it. */
  sql: string
  /** One of ClickHouse's, such as JSONCompact. */
  format: string
  bounds: OwnBounds
}

/** Where tables live. The SQL is ClickHouse's, whichever form is behind. */
export interface Store {
  /**
   * Adds rows, given as JSONEachRow, to a table and to what hangs on it. The same token twice for a table is one insert.
   * @throws what ClickHouse says
   */
  insert(table: string, rows: Buffer, token: string): Promise<void>
  /**
   * The rows of a SELECT, which has no SETTINGS of its own where it is bounded.
   * @throws {ClickWatchError} 422 query_too_costly past its bounds, 499 asker_left once the signal is given
   */
  query<Row>(sql: string, parameters?: Parameters, bounds?: Bounds): Promise<Row[]>
  /** The result of a SELECT in a ClickHouse format, piece by piece, for what may be too large to hold. */
  stream(sql: string, parameters: Parameters, format: string): AsyncIterable<Uint8Array>
  /** The syntax tree of a statement, a line for each of its parts. Nothing of it is carried out. */
  syntaxOf(sql: string): Promise<string[]>
  /**
   * Answers somebody's own SELECT in its format: of one site, by an account that may read the console's views and do nothing else.
   * @throws {ClickWatchError} 400 invalid_field, 422 query_too_costly, 499 asker_left, 501 console_not_set_up
   */
  own(question: OwnQuestion): Promise<Buffer>
  /** Runs a statement that answers nothing: in a cluster on every node, each with the rows that it has itself. */
  execute(sql: string, parameters?: Parameters): Promise<void>
  /** Carries out an `INSERT INTO FUNCTION … SELECT` once, with the rows that all places have. */
  writeOut(sql: string, parameters: Parameters): Promise<void>
  /** The places that hold the tables, each what it has itself, under the same names: this one, or each node of a cluster. */
  nodes(): readonly Store[]
  /** What a table is called, within `execute`, with the rows that all places have of it. */
  whole(table: string): string
  close(): Promise<void>
}
