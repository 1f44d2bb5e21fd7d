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

/** SQLite in a file, or in memory with ':memory:'. What is written is on disk before it is answered. */
export const sqliteDialect = (path: string): SqliteDialect =>
  new SqliteDialect({
    database: async () => {
      const database = new DatabaseSync(path)
      // The collector and the engine wait for each other; what is deleted is overwritten.
      database.exec(
        'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;',
      )
      return adapt(database)
    },
  })
