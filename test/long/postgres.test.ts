import { mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { NewGoal, NewIdea } from '@clickwatch/contract'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lockDataFolder } from '../../packages/server/src/cli/lock.ts'
import { createServer as createHttpServer } from '../../packages/server/src/http/server.ts'
import { isLeftBehind } from '../../packages/server/src/metadata/copy.ts'
import {
  type Metadata,
  metadataFile,
  openMetadata,
  openMetadataFile,
} from '../../packages/server/src/metadata/database.ts'
import { ideasOf } from '../../packages/server/src/metadata/ideas.ts'
import { openIdeasReader } from '../../packages/server/src/metadata/ideas-reader.ts'
import { goalsOf } from '../../packages/server/src/metadata/kept.ts'
import { secretOf } from '../../packages/server/src/metadata/secrets.ts'
import {
  type ClickWatch,
  eventually,
  freePort,
  runCommand,
  startClickWatch,
  temporaryFolder,
} from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'
import { databasePassword, execute, type Postgres, startPostgres } from '../fixtures/postgres.ts'

const folder = temporaryFolder()
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const lost: string[] = []
const open = (url: string): Promise<Metadata> =>
  openMetadata({ folder, url, onLost: (reason) => void lost.push(reason) })
const bought: NewGoal = { name: 'Bought', rule: { type: 'page', path: '/thanks' } }
const door: NewIdea = {
  name: 'Gift cards',
  key: 'gift-cards',
  hypothesis: 'Who sees the button wants one',
  template: 'fake_door',
  ladder: [
    { grade: 'seen', rule: { type: 'page', path: '/gifts' } },
    { grade: 'click', rule: { type: 'element', element: 'buy', action: 'click' } },
  ],
  bar: { grade: 'click', rate: 0.04 },
  budget: { visitors: 5000 },
}

describe('a PostgreSQL database', () => {
  it('is brought up to date by one of several that open it at once', async () => {
    const url = await postgres.newDatabase()
    const all = await Promise.all(Array.from({ length: 6 }, () => open(url)))
    const rows = await execute(url, 'SELECT name FROM kysely_migration ORDER BY name')
    expect(rows.map(({ name }) => name)).toContain('001-analysis')
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
    for (const metadata of all) {
      expect(await goalsOf(metadata).list('shop')).toEqual([])
      await metadata.destroy()
    }
  })

  it('may end and begin again: what is asked meanwhile is told so, and what comes after is answered', async () => {
    const url = await postgres.newDatabase()
    const metadata = await open(url)
    const goals = goalsOf(metadata)
    await goals.add('shop', bought)
    await ideasOf(metadata).add('shop', door)
    const ideas = openIdeasReader({ folder, url, onLost: () => undefined }, () => undefined)
    try {
      expect(await ideas.of('shop')).toMatchObject([door])
      await postgres.stop()
      await expect(goals.list('shop')).rejects.toMatchObject({
        code: 'database_away',
        status: 503,
        retryAfterSeconds: expect.any(Number),
      })
      // Pages go on with the ideas that were last known, and ask again.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
      expect(await ideas.of('shop')).toMatchObject([door])
      expect(await ideas.of('other')).toEqual([])
      await expect(ideas.leaveAddress('any', 'a@example.org')).rejects.toMatchObject({ status: 503 })
      vi.useRealTimers()
      expect(lost.join()).not.toContain(databasePassword)
      await postgres.start()
      expect(await goals.list('shop')).toMatchObject([bought])

      // The server ends one connection amid what it does.
      const work = metadata.transaction().execute(async (transaction) => {
        await goalsOf(transaction).add('shop', { ...bought, name: 'Half' })
        await execute(
          postgres.urlOf('postgres'),
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'`,
        )
        await goalsOf(transaction).add('shop', { ...bought, name: 'Whole' })
      })
      await expect(work).rejects.toMatchObject({ code: 'database_away' })
      expect(await goals.list('shop')).toMatchObject([bought])
    } finally {
      vi.useRealTimers()
      await metadata.destroy()
      await ideas.close()
    }
  })

  it('refuses a character that it cannot keep with 400, and its answer names no database', async () => {
    const metadata = await open(await postgres.newDatabase())
    const server = createHttpServer(pino({ level: 'silent' }))
    server.post('/goals', () => goalsOf(metadata).add('shop', { ...bought, name: 'a\u0000b' }))
    const answer = await server.inject({ method: 'POST', url: '/goals' })
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'invalid_field'])
    await server.close()
    await metadata.destroy()
  })

  it('that cannot be used stops the start with a sentence that names the variable and not the password', async () => {
    const mute = createServer((socket) => socket.resume().end('SSH-2.0\r\n'))
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const mutePort = (mute.address() as { port: number }).port
    const url = new URL(postgres.urlOf('postgres'))
    const changed = (change: (address: URL) => void): string => {
      const address = new URL(url)
      change(address)
      return address.href
    }
    const cases: [string, RegExp][] = [
      [changed((address) => (address.password = 'not-that-one')), /password authentication failed/],
      [changed((address) => (address.password = '')), /asks for a password, and there is none/],
      [changed((address) => (address.pathname = '/nowhere')), /database "nowhere" does not exist/],
      [changed((address) => (address.port = String(mutePort))), /cannot be used/],
      [changed((address) => (address.search = 'sslmode=require')), /does not support SSL/],
      [changed((address) => (address.search = 'sslmode=verify-full&sslrootcert=/nowhere.pem')), /nowhere\.pem/],
    ]
    const nobody = await freePort()
    cases.push([changed((address) => (address.port = String(nobody))), /ECONNREFUSED/])
    for (const [address, sentence] of cases) {
      const error = await open(address).then(
        () => new Error(`${sentence} was opened`),
        (reason: Error) => reason,
      )
      expect(error).toMatchObject({ name: 'StartError' })
      expect(error.message).toMatch(/^CLICKWATCH_DATABASE: PostgreSQL at 127\.0\.0\.1:\d+ cannot be used: /)
      expect(error.message).toMatch(sentence)
      for (const password of [databasePassword, encodeURIComponent(databasePassword), 'not-that-one']) {
        expect(error.message).not.toContain(password)
      }
    }
    await new Promise((resolve) => mute.close(resolve))
  })
})

describe('an installation that moves from SQLite to PostgreSQL', () => {
  const dataFolder = join(folder, 'data')
  const run = async (args: string[], env: Record<string, string>) => {
    const { exited, output } = runCommand(args, { CLICKWATCH_DATA: dataFolder, ...env })
    return { code: await exited, output: output() }
  }
  let url: string
  let clickWatch: ClickWatch | undefined
  afterAll(() => clickWatch?.dispose())

  it('takes along what people set up, once, with its keys', async () => {
    mkdirSync(dataFolder)
    url = await postgres.newDatabase()
    const env = { CLICKWATCH_DATABASE: url }
    const file = await openMetadataFile(join(dataFolder, metadataFile))
    await goalsOf(file).add('default', bought)
    const key = await secretOf(file, 'passes')
    await file.destroy()
    const before = await open(url)
    expect(await isLeftBehind(dataFolder, before)).toBe(true)
    await before.destroy()

    const lock = lockDataFolder(dataFolder)
    expect((await run(['database', 'copy'], env)).output).toContain('in use by another ClickWatch')
    lock.release()
    const copied = await run(['database', 'copy'], env)
    expect(copied).toMatchObject({ code: 0, output: expect.stringMatching(/^2 rows are copied\./) })
    expect(await run(['database', 'copy'], env)).toMatchObject({
      code: 1,
      output: expect.stringContaining('holds something already'),
    })
    expect((await run(['database', 'copy'], {})).output).toContain('CLICKWATCH_DATABASE is not set')
    const metadata = await open(url)
    expect(await secretOf(metadata, 'passes')).toEqual(key)
    expect(await goalsOf(metadata).list('default')).toMatchObject([bought])
    expect(await isLeftBehind(dataFolder, metadata)).toBe(false)
    await metadata.destroy()
  })

  it('runs on it, takes events in while it is away, and goes on when it is back', async () => {
    clickWatch = await startClickWatch({ dataFolder, env: { CLICKWATCH_DATABASE: url } })
    const { baseUrl, post, query } = clickWatch
    const goals = () => fetch(`${baseUrl}/api/sites/default/goals`)
    expect(await (await goals()).json()).toMatchObject({ goals: [bought] })
    await post('/api/sites/default/goals', { ...bought, name: 'Joined' })
    const engine = clickWatch.pidOf('engine')

    await postgres.stop()
    expect((await post('/e', batch('ann', 's1', [event(), event()]))).status).toBe(202)
    const refused = await goals()
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await refused.json()) as object).toMatchObject({
      error: { code: 'database_away', request_id: expect.any(String) },
    })
    await postgres.start()
    expect(await (await goals()).json()).toMatchObject({ goals: [bought, { name: 'Joined' }] })
    await eventually('what came meanwhile to be counted', async () => {
      const { results } = await query({ metrics: ['pageviews'], date_range: 'all' })
      return results[0]?.metrics[0] === 2 ? true : undefined
    })
    expect(clickWatch.pidOf('engine')).toBe(engine)
    await clickWatch.interrupt()
    expect(clickWatch.output()).not.toContain(encodeURIComponent(databasePassword))
    expect(clickWatch.output()).not.toContain(databasePassword)
  })

  it('is told at its start where the database is not there', async () => {
    const nowhere = { CLICKWATCH_DATABASE: url.replace(/@.*/, '@127.0.0.1:1/nowhere') }
    const { code, output } = await run(['serve', '--port', '0'], nowhere)
    expect(code).toBe(1)
    expect(output).toMatch(/^CLICKWATCH_DATABASE: PostgreSQL at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED.*\n$/)
  })
})
