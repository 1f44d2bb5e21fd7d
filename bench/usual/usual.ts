import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, createWriteStream, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import type { Store } from '../../packages/server/src/store/store.ts'
import { startClickWatch, untilStored } from '../../test/fixtures/clickwatch.ts'
import { execute, startPostgres } from '../../test/fixtures/postgres.ts'
import { context, loadDashboard } from '../dashboard-load.ts'
import { median, report, withSpread } from '../figures.ts'
import { endMs, openGrownStore } from '../grown-store.ts'
import { load } from '../load.ts'
import { dashboardQuestions } from './questions.ts'

// `npm run bench:usual [-- --events N] [-- --store FOLDER]`: ClickWatch beside the usual way to count visits, which is Fastify, one INSERT an
// event into PostgreSQL, and queries over indexed tables: what either takes in a second, and how long either takes to open the dashboard
// over the same N events (10 million).

const { values: given } = parseArgs({
  options: { events: { type: 'string', default: '10000000' }, store: { type: 'string' } },
})
const events = Number(given.events)
const site = 'bench'
const connections = 64
const rounds = 3
const batches = { usual: 400, clickWatch: 10_000 }
const perBatch = 20
const dayMs = 86_400_000
const say = (line: string) => process.stdout.write(`${line}\n`)

/** As one sets it up on a machine of its own with 8 GB; what is acknowledged is on the disk. */
const settings = [
  "timezone = 'UTC'",
  'fsync = on',
  'synchronous_commit = on',
  'shared_buffers = 1GB',
  'effective_cache_size = 4GB',
  'work_mem = 64MB',
  'maintenance_work_mem = 512MB',
  'max_wal_size = 4GB',
  'random_page_cost = 1.1',
]

const statementsOf = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8')

const startUsual = async (database: string): Promise<{ baseUrl: string; child: ChildProcess }> => {
  const child = fork(join(import.meta.dirname, 'server.ts'), [database], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [port] = (await once(child, 'message')) as [number]
  return { baseUrl: `http://127.0.0.1:${port}`, child }
}

/** Events a second of each, in turns, so that neither has the quieter minute. */
const ingest = async (database: string): Promise<{ usual: number[]; clickWatch: number[] }> => {
  const usual = await startUsual(database)
  const clickWatch = await startClickWatch()
  const rates = { usual: [] as number[], clickWatch: [] as number[] }
  const round = async (name: keyof typeof rates, baseUrl: string): Promise<void> => {
    const result = await load(baseUrl, site, connections, batches[name], perBatch)
    if (result.non2xx + result.errors > 0) throw new Error(`${name}: ${result.non2xx + result.errors} requests failed`)
    rates[name].push((result['2xx'] * perBatch) / result.duration)
  }
  try {
    for (let turn = 0; turn < rounds; turn++) {
      await round('usual', usual.baseUrl)
      await round('clickWatch', clickWatch.baseUrl)
      await untilStored(clickWatch)
    }
    return rates
  } finally {
    usual.child.disconnect()
    await clickWatch.dispose()
  }
}

const copied = {
  visits: `SELECT session_id, site, visitor_id, start, source, channel, utm_campaign, country, browser, os, device, pageviews,
      toInt32(duration_s), conversions, is_bounce, is_returning FROM silver.sessions WHERE site = 'bench'`,
  events: `SELECT event_id, session_id, site, visitor_id, time, type, path, element_id, is_conversion FROM silver.events WHERE site = 'bench'`,
}

/** The same rows in the usual tables. */
const copyInto = async (database: string, store: Store): Promise<void> => {
  const folder = await mkdtemp(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
  // PostgreSQL reads the file itself, by an account of its own.
  chmodSync(folder, 0o755)
  try {
    for (const [table, sql] of Object.entries(copied)) {
      const file = join(folder, `${table}.csv`)
      await pipeline(Readable.from(store.stream(sql, {}, 'CSV')), createWriteStream(file))
      await execute(database, `COPY ${table} FROM '${file}' (FORMAT csv)`)
      await rm(file)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  await execute(database, statementsOf('indexes.sql'))
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Milliseconds of each round, after one that warms up. */
const measured = async (work: () => Promise<unknown>): Promise<number[]> => {
  await work()
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await timed(work))
  return times
}

/** The dashboard's 28 days, and the 28 before them, which it is compared with. */
const to = Math.floor(endMs / dayMs) * dayMs
const range = (periodsBack: number): Date[] => [
  new Date(to - 28 * dayMs * (periodsBack + 1)),
  new Date(to - 28 * dayMs * periodsBack),
]

const askUsual = (pool: pg.Pool): Promise<unknown> =>
  Promise.all(
    dashboardQuestions().flatMap(({ sql, isCompared }) =>
      (isCompared ? [0, 1] : [0]).map((back) =>
        pool.query(sql, [site, ...range(back), ...(sql.includes('$4') ? [context.timeZone] : [])]),
      ),
    ),
  )

const postgres = await startPostgres(settings)
try {
  const forIngest = await postgres.newDatabase()
  await execute(forIngest, statementsOf('schema.sql'))
  await execute(forIngest, statementsOf('indexes.sql'))
  const rates = await ingest(forIngest)
  say(
    `events a second, ${perBatch} a request: usual ${withSpread(rates.usual)}, ClickWatch ${withSpread(rates.clickWatch)}`,
  )

  const { store, close } = await openGrownStore(given.store, events, say)
  const database = await postgres.newDatabase()
  await execute(database, statementsOf('schema.sql'))
  say(`copied into PostgreSQL and indexed in ${Math.round((await timed(() => copyInto(database, store))) / 1000)} s`)
  const ours = await measured(() => loadDashboard(store))
  await close()
  const pool = new pg.Pool({ connectionString: database, max: 10 })
  const theirs = await measured(() => askUsual(pool))
  await pool.end()
  say(`milliseconds to open the dashboard: usual ${withSpread(theirs)}, ClickWatch ${withSpread(ours)}\n`)
  report([
    { name: 'usual_ingest_times_faster', value: median(rates.clickWatch) / median(rates.usual), atLeast: 10 },
    { name: 'usual_dashboard_times_faster', value: median(theirs) / median(ours), atLeast: 50 },
  ])
} finally {
  await postgres.dispose()
}
