import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type ClickWatch,
  eventually,
  freePort,
  runCommand,
  startClickWatch,
  temporaryFolder,
} from './fixtures/clickwatch.ts'
import { batch, event } from './fixtures/events.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const started: ClickWatch[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((clickWatch) => clickWatch.dispose()))
})
const start = async (options: Parameters<typeof startClickWatch>[0] = {}): Promise<ClickWatch> => {
  const clickWatch = await startClickWatch(options)
  started.push(clickWatch)
  return clickWatch
}

/** What a start that fails prints, and its exit code. */
const failedStart = async (args: string[], env: Record<string, string> = {}) => {
  const { exited, output } = runCommand(['serve', ...args], { CLICKWATCH_DATA: join(folder, 'unused'), ...env })
  return { code: await exited, said: output().trim() }
}

describe('a start that cannot be', () => {
  it('says that the port is taken', async () => {
    const port = await freePort()
    const other = createServer().listen(port)
    const { code, said } = await failedStart(['--port', String(port)])
    other.close()
    expect(code).toBe(1)
    expect(said).toBe(
      `Port ${port} is taken by another program. Stop it, or choose another port: npm start -- --port ${port + 1}`,
    )
  })

  it('says that the data folder cannot be used', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const { code, said } = await failedStart(['--port', '0'], { CLICKWATCH_DATA: join(file, 'data') })
    expect(code).toBe(1)
    expect(said).toMatch(
      /^The data folder .* cannot be used: a part of the path is a file\. Choose another with CLICKWATCH_DATA\.$/,
    )
  })

  it('says which setting is wrong and what was expected', async () => {
    expect((await failedStart([], { CLICKWATCH_PORT: 'http' })).said).toBe(
      "CLICKWATCH_PORT is 'http'; a whole number from 0 to 65535 is expected.",
    )
    expect((await failedStart(['--port', 'x'])).said).toBe("--port is 'x'; a whole number from 0 to 65535 is expected.")
  })
})

describe('access', () => {
  it('with a key set is for its holder alone; the tracker, the dashboard and the demo stay open', async () => {
    const clickWatch = await start({ env: { CLICKWATCH_API_KEY: 'a-key' } })
    const statusOf = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(clickWatch.baseUrl + path, { headers })).status
    const closed = ['/api/now', '/api/sites', '/api/report', '/api/live', '/api/tables/visit_count']
    for (const path of closed) expect([path, await statusOf(path)]).toEqual([path, 401])
    expect((await clickWatch.post('/api/v2/query', {})).status).toBe(401)
    expect((await clickWatch.post('/v1/sessions', {})).status).toBe(401)
    expect(await statusOf('/api/now', { authorization: 'Bearer another' })).toBe(401)
    expect(await statusOf('/api/now', { authorization: 'Bearer a-key' })).toBe(200)
    for (const path of ['/', '/report', '/clickwatch.js', '/demo/'])
      expect([path, await statusOf(path)]).toEqual([path, 200])
    expect((await clickWatch.post('/e', batch('v1', 's1', [event()]))).status).toBe(202)
    expect(clickWatch.output()).not.toContain('a-key')
  })
})

// Three questions to one server, in this order: it is ended by the last.
describe('a server without a key', () => {
  const dataFolder = join(folder, 'shared')
  let first: ClickWatch
  beforeAll(async () => {
    mkdirSync(dataFolder)
    first = await startClickWatch({ dataFolder })
  })
  afterAll(() => first.dispose())

  it('is left alone by another instance, which says that the data folder is in use', async () => {
    const { code, said } = await failedStart(['--port', '0'], { CLICKWATCH_DATA: dataFolder })
    expect(code).toBe(1)
    expect(said).toMatch(/^The data folder .* is in use by another ClickWatch\./)
    expect(await first.get('/readyz')).toEqual({ status: 'ready', engine: 'ready' })
  })

  it('is for this machine alone, whoever a proxy or another site speaks for', async () => {
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(`${first.baseUrl}/api/now`, { headers })
      return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code]
    }
    expect(await ask({})).toEqual([200, undefined])
    expect(await ask({ 'x-forwarded-for': '203.0.113.9' })).toEqual([401, 'unauthorized'])
    expect(await ask({ origin: 'https://elsewhere.example' })).toEqual([403, 'foreign_origin'])
    // An engine that believed this header from anyone would let anyone in; it is set anew on the way.
    expect(await ask({ 'x-clickwatch-address': '203.0.113.9' })).toEqual([200, undefined])
  })

  it('stops cleanly by Ctrl-C, and a second start finds everything', async () => {
    await first.post('/e', batch('v1', 's1', [event(), event()]))
    expect(await first.interrupt()).toBe(0)
    expect(first.output()).toContain('Stopped. Everything is on disk.')

    const second = await start({ dataFolder })
    await eventually('both events', async () => {
      const answer = await second.query({ metrics: ['events', 'visits'], date_range: 'day' })
      return answer.results[0]?.metrics[0] === 2 ? true : undefined
    })
  })
})
