import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type SqliteDatabase, SqliteDialect } from 'kysely'

/** Node's own SQLite as Kysely's SQLite dialect takes one. */
const adapt = (database: DatabaseSync): SqliteDatabase => ({
  close: () => database.close(),
  prepare(sql) {
    const statement = database.prepare(sql)
    const bound = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...bound(parameters)),
      run: (parameters) => statement.run(...bound(parameters)),
      iterate: (parameters) => statement.iterate(...bound(parameters)),
    }
  },
})

/** Whether an error says that others kept the file from us for too long (https://sqlite.org/rescode.html). */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && [5, 6].includes(Number(error.errcode) & 0xff)

/**
 * SQLite in a file, or in memory with ':memory:'. What is written is on disk before it is answered.
 * @param busyMs how long it waits for others; the process does nothing else meanwhile
 */
export const sqliteDialect = (path: string, busyMs = 5000): SqliteDialect =>
  new SqliteDialect({
    database: async () => {
      const database = new DatabaseSync(path)
      // The collector and the engine wait for each other; what is deleted is overwritten.
      database.exec(
        `PRAGMA busy_timeout = ${busyMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;`,
      )
      return adapt(database)
    },
  })
