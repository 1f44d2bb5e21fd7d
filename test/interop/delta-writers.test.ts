import { spawn } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { column, DeltaTable, struct } from '@clickwatch/delta'
import { LocalStorage } from '@clickwatch/delta/local'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../fixtures/clickwatch.ts'
import { installReaders } from '../fixtures/delta/python.ts'
import { program } from '../fixtures/delta/writer.ts'

// Writers that are processes of their own, at once, and killed at any moment.

const folder = temporaryFolder()
let ask: ReturnType<typeof installReaders>
beforeAll(() => {
  ask = installReaders()
}, 600_000)
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))

const schema = struct(column('writer', 'string'), column('number', 'long'))

const create = async (name: string): Promise<string> => {
  const root = join(folder, name)
  await DeltaTable.create(new LocalStorage(root), { schema })
  return root
}

const start = (root: string, application: string, commits: number) => {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program, root, application, String(commits)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
  const opened = new Promise((resolve) => child.stdout?.once('data', resolve))
  return { child, exited, opened }
}

const numbered = (writer: string, count: number) => Array.from({ length: count }, (_, index) => [writer, index + 1])

const inOrder = (rows: (string | number)[][]) =>
  rows.sort(([a = '', m = 0], [b = '', n = 0]) => (a === b ? Number(m) - Number(n) : a < b ? -1 : 1))

/** Versions from 0 on without a gap, as the files of the log are named. */
const versionsOf = (root: string): number[] =>
  readdirSync(join(root, '_delta_log'))
    .filter((name) => /^\d{20}\.json$/.test(name))
    .map((name) => Number(name.slice(0, 20)))
    .sort((a, b) => a - b)

const read = async (root: string) => {
  const { version, rows } = await ask<{ version: number; rows: (string | number)[][] }>('count_rows.py', { uri: root })
  return { version, rows: inOrder(rows) }
}

it('two writers at once lose none of 500 commits, and leave no gap', async () => {
  const root = await create('two')
  const writers = ['left', 'right'].map((writer) => start(root, writer, 250))
  expect(await Promise.all(writers.map(({ exited }) => exited))).toEqual([0, 0])
  expect(versionsOf(root)).toEqual(Array.from({ length: 501 }, (_, version) => version))
  expect(await read(root)).toEqual({ version: 500, rows: [...numbered('left', 250), ...numbered('right', 250)] })
  // And they were at it together, or this would prove nothing.
  const history = await (await DeltaTable.open(new LocalStorage(root))).history()
  expect(history.filter(({ version, readVersion = 0 }) => version > readVersion + 1).length).toBeGreaterThan(5)
})

it('a writer that is killed at any moment leaves a readable table, and its rows are there once', async () => {
  const root = await create('killed')
  const commits = 150
  let killed = 0
  for (;;) {
    const { child, exited, opened } = start(root, 'writer', commits)
    // Anywhere within some commits, and not within the start of Node.
    await Promise.race([opened, exited])
    if ((await Promise.race([exited, sleep(Math.random() * 150)])) === 0) break
    child.kill('SIGKILL')
    if ((await exited) === 'SIGKILL') killed++
    const { version, rows } = await read(root)
    expect(rows).toEqual(numbered('writer', version))
  }
  expect(killed).toBeGreaterThan(5)
  expect(versionsOf(root)).toEqual(Array.from({ length: commits + 1 }, (_, version) => version))
  expect(await read(root)).toEqual({ version: commits, rows: numbered('writer', commits) })
})
