import { execFileSync, spawn } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { eventually, freePort, temporaryFolder } from '../fixtures/clickwatch.ts'

const root = join(import.meta.dirname, '../..')
const made = new Set(['node_modules', 'dist', 'data', 'data-demo', '.git'])
const folder = temporaryFolder()

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `npm start` as a person runs it; `output` gathers what it prints. */
const npmStart = (project: string, port: number) => {
  const child = spawn('npm', ['start'], {
    cwd: project,
    detached: true,
    env: { ...process.env, CLICKWATCH_PORT: String(port), CLICKWATCH_API_KEY: '', CLICKWATCH_DATA: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    exited,
    output: () => output,
    /** Ctrl-C reaches the whole group, npm as well as what it runs. */
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
  }
}

it('the README’s first command serves what curl sends, and Ctrl-C ends it', async () => {
  const project = join(folder, 'clickwatch')
  cpSync(root, project, {
    recursive: true,
    filter: (path) =>
      !relative(root, path)
        .split(sep)
        .some((part) => made.has(part)),
  })
  execFileSync('npm', ['ci'], { cwd: project, stdio: 'pipe' })
  const port = await freePort()
  const clickwatch = npmStart(project, port)
  const address = `http://localhost:${port}`
  await eventually(
    'npm start to serve',
    async () => (clickwatch.output().includes(`is running at ${address}`) ? true : undefined),
    60_000,
  )

  const sample = join(root, 'test/fixtures/sample-sessions.json')
  const answer = execFileSync('curl', [
    ...['-s', `${address}/v1/sessions`, '-H', 'content-type: application/json', '--data-binary', `@${sample}`],
  ])
  expect(JSON.parse(answer.toString())).toEqual({ accepted: 30, rejected: [] })
  const documents = JSON.parse(readFileSync(sample, 'utf8')) as { events: object[] }[]
  const expected = documents.flatMap(({ events }) => events).length
  await eventually('every row in final_cookies', async () => {
    const table = execFileSync('curl', ['-s', `${address}/api/tables/final_cookies?format=json`])
    return (JSON.parse(table.toString()) as { rows: object[] }).rows.length === expected ? true : undefined
  })

  clickwatch.interrupt()
  await clickwatch.exited
  expect(clickwatch.output()).not.toMatch(/\berror\b/i)
})
