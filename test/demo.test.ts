import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { QueryAnswer } from '@clickwatch/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually, freePort, runCommand, temporaryFolder } from './fixtures/clickwatch.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const visits = async (port: number): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${port}/api/v2/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ metrics: ['visits'], date_range: 'all' }),
  })
  const { results } = (await response.json()) as QueryAnswer
  return results[0]?.metrics[0] ?? 0
}

/** Runs the demo without live traffic until it has said `line`. */
const demo = async (line: string) => {
  const port = await freePort()
  const args = ['demo', '--port', String(port), '--days', '3', '--sessions', '200', '--rate', '0']
  const { child, exited, output } = runCommand(args, { CLICKWATCH_DATA: folder })
  await eventually(`'${line}'\n${output()}`, async () => (output().includes(line) ? true : undefined))
  const stop = () => {
    child.kill('SIGINT')
    return exited
  }
  return { port, output, stop }
}

describe('clickwatch demo', () => {
  it('makes up a history once, and Ctrl-C ends it', async () => {
    const first = await demo('That was all of it')
    await eventually('200 visits', async () => ((await visits(first.port)) === 200 ? true : undefined))
    expect(await first.stop()).toBe(0)

    const second = await demo('The history is there already')
    expect(await visits(second.port)).toBe(200)
    expect(await second.stop()).toBe(0)
  })

  it('names the option that is wrong', async () => {
    const { exited, output } = runCommand(['demo', '--days', 'many'])
    expect(await exited).toBe(2)
    expect(output()).toBe("--days is 'many'; a whole number from 0 to 3650 is expected.\n")
  })
})

it('the sample in this repository is what the demo prints', () => {
  const printed = execFileSync(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, '../packages/server/bin/clickwatch.js'),
    ...['demo', '--print', '30', '--seed', '7'],
  ])
  expect(printed.toString()).toBe(readFileSync(join(import.meta.dirname, 'fixtures/sample-sessions.json'), 'utf8'))
})
