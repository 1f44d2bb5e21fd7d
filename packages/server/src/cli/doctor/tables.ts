import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { messageOf } from '../../errors.ts'
import { migrationsOf } from '../../store/migrate.ts'
import type { Store } from '../../store/store.ts'
import { lookApart } from './apart.ts'
import { type Finding, good, warning, wrong } from './finding.ts'
import { sentenceOf } from './machine.ts'

const part = 'tables'
/** Clocks further apart put events into wrong minutes, and sessions with them. */
const skewLimitMs = 5000
/** ClickHouse takes no more inserts at ten times this. */
const mostParts = 300

export type Tables = {
  version: string
  /** Of tables that the installation is made of; none where it has not started yet. */
  applied: string[]
  skewMs: number
  /** The most that one partition of a table is in. */
  parts: number
}

export const tablesOf = async (store: Store): Promise<Tables> => {
  const askedMs = Date.now()
  const [server] = await store.query<{ version: string; now_ms: number }>(
    'SELECT version() AS version, toUnixTimestamp64Milli(now64(3)) AS now_ms',
  )
  const answeredMs = Date.now()
  const [known] = await store.query<{ tables: number }>(
    "SELECT count() AS tables FROM system.tables WHERE database = 'clickwatch' AND name = 'migrations'",
  )
  const applied = known?.tables ? await store.query<{ file: string }>('SELECT file FROM clickwatch.migrations') : []
  const [fullest] = await store.query<{ parts: number }>(
    `SELECT max(parts) AS parts FROM (SELECT count() AS parts FROM system.parts
     WHERE active AND database IN ('bronze', 'silver', 'gold') GROUP BY database, table, partition)`,
  )
  return {
    version: server?.version ?? '',
    applied: applied.map(({ file }) => file),
    skewMs: Number(server?.now_ms ?? 0) - (askedMs + answeredMs) / 2,
    parts: Number(fullest?.parts ?? 0),
  }
}

const judge = async ({ version, applied, skewMs, parts }: Tables, where: string): Promise<Finding> => {
  const known = await migrationsOf()
  const newer = applied.find((file) => !known.includes(file))
  if (newer !== undefined) {
    const sentence = `The tables in ${where} are of a newer ClickWatch than this: they have ${newer}.`
    return wrong(
      part,
      sentence,
      'Start that version again, or restore a backup from before it (docs/operate/backups.md).',
    )
  }
  if (Math.abs(skewMs) > skewLimitMs) {
    const sentence = `The clock of ${where} is ${Math.round(Math.abs(skewMs) / 1000)} seconds ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's.`
    return wrong(part, sentence, 'Have both set by NTP: timedatectl set-ntp true')
  }
  if (parts > mostParts) {
    const sentence = `A table in ${where} is in ${parts} parts, more than are merged in time.`
    return warning(
      part,
      sentence,
      'Give ClickHouse more processors or a faster disk (docs/operate/sizing.md), and look whether the disk is nearly full.',
    )
  }
  const left = known.filter((file) => !applied.includes(file)).length
  if (applied.length === 0)
    return good(part, `ClickHouse ${version} in ${where} answers; the tables are made at the first start.`)
  return good(
    part,
    `ClickHouse ${version} in ${where} answers${left > 0 ? '; the next start brings the tables up to date' : ''}.`,
  )
}

/** The tables in the data folder, which nobody else has open. */
const lookHere = async ({ dataFolder }: Config): Promise<Finding> => {
  const folder = join(dataFolder, 'store')
  if (!existsSync(folder)) return good(part, 'They are made at the first start.')
  try {
    return await judge(await lookApart<Tables>('tables', folder), folder)
  } catch (error) {
    const mend =
      'Restore the last backup into a new folder (clickwatch restore DIR, docs/operate/backups.md), or, where there is a lake, clickwatch import lake.'
    return wrong(part, `The tables in ${folder} cannot be opened: ${messageOf(error)}.`, mend)
  }
}

const lookAtServers = async (config: Config): Promise<Finding> => {
  const { openStore } = await import('../../store/open.ts')
  const where = config.clickhouse?.urls.map((url) => new URL(url).host).join(', ') ?? ''
  try {
    const store = await openStore(config.clickhouse, '')
    try {
      return await judge(await tablesOf(store), where)
    } finally {
      await store.close()
    }
  } catch (error) {
    const sentence = sentenceOf(error)
    const isRefused = /authentication|password|ACCESS_DENIED|privileges/i.test(sentence)
    const mend = isRefused
      ? 'User and password in CLICKWATCH_CLICKHOUSE are to be those of an account that may make tables (docs/clickhouse.md).'
      : 'CLICKWATCH_CLICKHOUSE is to be the HTTP address of a ClickHouse that runs and is reached from here (docs/clickhouse.md).'
    return wrong(part, `ClickHouse at ${where} cannot be used: ${sentence}`, mend)
  }
}

export const lookAtTables = (config: Config): Promise<Finding> =>
  config.clickhouse === undefined ? lookHere(config) : lookAtServers(config)
