import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '../../packages/server/src/cli/doctor/examine.ts'
import type { Finding } from '../../packages/server/src/cli/doctor/finding.ts'
import { openEmbeddedStore } from '../../packages/server/src/store/embedded.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import { freePort, runCommand, temporaryFolder } from '../fixtures/clickwatch.ts'

// Installations that are broken, each in one way, and what is said of it.

let root: string
let port: number
let other: Server
beforeAll(async () => {
  root = temporaryFolder()
  port = await freePort()
  // Somebody else's web server, which knows no path.
  other = createServer((_request, response) => response.writeHead(404).end('{}'))
  await new Promise<void>((resolve) => other.listen(0, '::', resolve))
})
afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
  await new Promise((resolve) => other.close(resolve))
})

let installations = 0
/** The folder of a new installation, with files in it. */
const folderWith = (files: Record<string, string | Buffer> = {}): string => {
  const folder = join(root, String(++installations))
  mkdirSync(folder)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

const look = (env: Record<string, string>): Promise<Finding[]> =>
  examine(
    { CLICKWATCH_DATA: folderWith(), CLICKWATCH_PORT: String(port), CLICKWATCH_TIME_ZONE: 'UTC', ...env },
    () => undefined,
  )
const wrongIn = (findings: readonly Finding[]): Finding[] => findings.filter(({ state }) => state === 'wrong')

it('finds nothing broken where nothing is, and makes nothing that was not there', async () => {
  const findings = await look({})
  expect(wrongIn(findings)).toEqual([])
  expect(findings.map(({ part }) => part)).toEqual(
    expect.arrayContaining(['settings', 'data folder', 'disk', 'port', 'stream', 'tables', 'database', 'places']),
  )
})

type Broken = [what: string, env: () => Record<string, string>, part: string, cause: RegExp, mend: RegExp]
const garbage = Buffer.alloc(20_000, 'no database ')
const broken: Broken[] = [
  [
    'a setting that means nothing',
    () => ({ CLICKWATCH_PROT: '80' }),
    'settings',
    /CLICKWATCH_PROT means nothing.*CLICKWATCH_PORT meant/,
    /config check/,
  ],
  [
    'a setting that cannot be',
    () => ({ CLICKWATCH_TIME_ZONE: 'Berlin' }),
    'settings',
    /CLICKWATCH_TIME_ZONE is 'Berlin'/,
    /config check/,
  ],
  [
    'a file with a secret that is not there',
    () => ({ CLICKWATCH_API_KEY_FILE: '/nowhere/key' }),
    'settings',
    /CLICKWATCH_API_KEY_FILE names \/nowhere\/key/,
    /config check/,
  ],
  [
    'a file where the data folder is to be',
    () => ({ CLICKWATCH_DATA: join(folderWith({ file: '' }), 'file', 'data') }),
    'data folder',
    /is a file/,
    /CLICKWATCH_DATA/,
  ],
  ['a full disk', () => ({ CLICKWATCH_MIN_FREE_BYTES: String(2 ** 50) }), 'disk', /nothing is taken in/, /Make room/],
  [
    'a port that another web server has',
    () => ({ CLICKWATCH_PORT: String((other.address() as AddressInfo).port) }),
    'port',
    /is taken by another web server/,
    /CLICKWATCH_PORT=/,
  ],
  [
    'an address that is not of this machine',
    () => ({ CLICKWATCH_HOST: '203.0.113.7' }),
    'port',
    /203\.0\.113\.7/,
    /CLICKWATCH_HOST/,
  ],
  [
    'a damaged stream',
    () => ({ CLICKWATCH_DATA: folderWith({ 'stream/data.mdb': garbage }) }),
    'stream',
    /stream is damaged/,
    /clickwatch restore/,
  ],
  [
    'a broker that does not answer',
    () => ({ CLICKWATCH_STREAM: `kafka://127.0.0.1:${port}/web` }),
    'stream',
    /ECONNREFUSED/,
    /broker runs/,
  ],
  [
    'a damaged database',
    () => ({ CLICKWATCH_DATA: folderWith({ 'metadata.sqlite': garbage }) }),
    'database',
    /is damaged/,
    /last backup/,
  ],
  [
    'PostgreSQL that does not answer',
    () => ({ CLICKWATCH_DATABASE: `postgres://user:secret@127.0.0.1:${port}/web` }),
    'database',
    /PostgreSQL at 127\.0\.0\.1:\d+ cannot be used/,
    /CLICKWATCH_DATABASE/,
  ],
  [
    'ClickHouse that does not answer',
    () => ({ CLICKWATCH_CLICKHOUSE: `http://user:secret@127.0.0.1:${port}` }),
    'tables',
    /cannot be reached/,
    /CLICKWATCH_CLICKHOUSE/,
  ],
  [
    'a lake that cannot be written to',
    () => ({ CLICKWATCH_LAKE: join(folderWith({ file: '' }), 'file', 'lake') }),
    'lake',
    /cannot be written to.*ENOTDIR/,
    /CLICKWATCH_LAKE/,
  ],
  [
    'a file of cities that is none',
    () => ({ CLICKWATCH_GEO_DATABASE: join(folderWith({ file: 'cities' }), 'file') }),
    'places',
    /cannot be read as an \.mmdb file/,
    /\.mmdb/,
  ],
  [
    'a mail server that does not answer',
    () => ({ CLICKWATCH_SMTP_URL: `smtp://user:secret@127.0.0.1:${port}` }),
    'mail',
    /ECONNREFUSED/,
    /CLICKWATCH_SMTP_URL/,
  ],
]

describe('of an installation with one thing broken, the doctor names it and how it is mended', () => {
  it.each(broken)('%s', async (_what, env, part, cause, mend) => {
    const findings = await look(env())
    expect(wrongIn(findings)).toMatchObject([
      { part, sentence: expect.stringMatching(cause), mend: expect.stringMatching(mend) },
    ])
    expect(JSON.stringify(findings)).not.toContain('secret@')
  })

  it('tables that a newer version has made', async () => {
    const folder = folderWith()
    const store = openEmbeddedStore(join(folder, 'store'))
    await migrate(store, async () => undefined)
    await store.insert('clickwatch.migrations', Buffer.from('{"file":"999-later.sql"}'), 'later')
    await store.close()
    expect(wrongIn(await look({ CLICKWATCH_DATA: folder }))).toMatchObject([
      {
        part: 'tables',
        sentence: expect.stringMatching(/newer ClickWatch.*999-later\.sql/),
        mend: expect.stringMatching(/backup/),
      },
    ])
  })
})

it('a key that is soon guessed is a warning, which is no reason to end with another code', async () => {
  const findings = await look({ CLICKWATCH_API_KEY: 'short' })
  expect(findings).toContainEqual(expect.objectContaining({ part: 'access', state: 'warning' }))
  expect(wrongIn(findings)).toEqual([])
})

describe('clickwatch doctor', () => {
  const run = async (args: string[], env: Record<string, string>) => {
    const { exited, output } = runCommand(['doctor', ...args], { CLICKWATCH_PORT: String(port), ...env })
    return { exitCode: await exited, output: output() }
  }

  it('ends with 3 where something is broken, and 0 where nothing is', async () => {
    const ill = await run([], { CLICKWATCH_DATA: folderWith({ 'metadata.sqlite': garbage }) })
    expect(ill).toMatchObject({ exitCode: 3, output: expect.stringMatching(/✗ database.*\n\s+→ Put metadata\.sqlite/) })
    expect(await run([], { CLICKWATCH_DATA: folderWith() })).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('Nothing is broken.'),
    })
  })

  it('tells programs the same, a look a line', async () => {
    const { output } = await run(['--json'], { CLICKWATCH_DATA: folderWith({ 'metadata.sqlite': garbage }) })
    const findings = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Finding)
    expect(wrongIn(findings)).toMatchObject([{ part: 'database', mend: expect.any(String) }])
  })
})
