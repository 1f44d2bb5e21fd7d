import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, freePort, temporaryFolder } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'
import { type Image, ignores, makeImage } from '../fixtures/image.ts'

const folder = temporaryFolder()
let image: Image
beforeAll(() => {
  image = makeImage(join(import.meta.dirname, '../..'), folder)
}, 900_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const has = (path: string): boolean => {
  try {
    execFileSync('ls', [join(image.root, path)], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

describe('the image', () => {
  it('has what runs, and neither tests, nor what builds it, nor what only a browser loads', () => {
    expect(
      ['packages/server/src/cli/main.ts', 'packages/dashboard/dist/index.html', 'node_modules/chdb'].map((path) =>
        has(`app/${path}`),
      ),
    ).toEqual([true, true, true])
    expect(
      [
        'node_modules/vite',
        'node_modules/typescript',
        'node_modules/react',
        'node_modules/echarts',
        'packages/dashboard/src',
        'packages/server/src/api/link.test.ts',
        'test',
      ].filter((path) => has(`app/${path}`)),
    ).toEqual([])
    const megabytes = Number(
      execFileSync('du', ['-sm', join(image.root, 'app')])
        .toString()
        .split('\t')[0],
    )
    expect(megabytes).toBeLessThan(900)
  })

  it('is healthy once it takes events in, as another user than root who can write its data alone, and ends when it is told', async () => {
    const port = await freePort()
    const env = { CLICKWATCH_PORT: String(port), CLICKWATCH_HOST: '127.0.0.1', CLICKWATCH_API_KEY: 'secret' }
    expect(image.user).toBe('node')
    const server = image.start([...image.entrypoint, ...image.command], env)
    let said = ''
    for (const stream of [server.stdout, server.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const ended = new Promise<number | null>((resolve) => server.once('exit', resolve))
    const check = () =>
      new Promise<number | null>((resolve) => image.start(image.healthcheck, env).once('exit', resolve))
    expect(await check()).toBe(1)
    try {
      await eventually(`it to be healthy: ${said}`, async () => ((await check()) === 0 ? true : undefined), 90_000)
      const base = `http://127.0.0.1:${port}`
      const sent = await fetch(`${base}/e`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(batch('ann', 'visit', [event()])),
      })
      expect(sent.status).toBe(202)
      const first = await eventually('the dashboard', async () => {
        const answer = await fetch(base)
        return answer.ok ? answer.text() : undefined
      })
      expect(first).toContain('<div id="root">')
      expect((await fetch(`${base}/clickwatch.js`)).status).toBe(200)
      await eventually('the event to be counted', async () => {
        const answer = await fetch(`${base}/api/v2/query`, {
          method: 'POST',
          headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
          body: JSON.stringify({ site_id: 'default', metrics: ['events'], date_range: 'all' }),
        })
        const { results } = (await answer.json()) as { results: { metrics: number[] }[] }
        return results[0]?.metrics[0] === 1 ? true : undefined
      })
      server.kill('SIGTERM')
      expect(await ended).toBe(0)
      expect(has('data/stream')).toBe(true)
    } finally {
      server.kill('SIGKILL')
    }
  })
})

describe('what the builder is given', () => {
  const isIgnored = ignores(['*', '!packages', '**/dist', '**/*.test.ts'])
  it.each([
    ['.git/config', true],
    ['data/store', true],
    ['packages/server/src/config.ts', false],
    ['packages/server/src/api/link.test.ts', true],
    ['packages/dashboard/dist/index.html', true],
  ])('leaves out %s: %s', (path, expected) => {
    expect(isIgnored(path)).toBe(expected)
  })
})
