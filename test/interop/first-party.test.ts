import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, eventually, freePort, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'

// The examples in integrations/: ClickWatch under a site's own name, behind a real nginx and a real Next.js.

const integrations = join(import.meta.dirname, '../../integrations')
const folder = temporaryFolder()
let clickWatch: ClickWatch
let browser: Browser
const closing: (() => void)[] = []

beforeAll(async () => {
  clickWatch = await startClickWatch()
  browser = await launchChromium()
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
})
afterAll(async () => {
  await browser?.close()
  await clickWatch?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const counts = async (site: string): Promise<string> => {
  const metrics = ['visitors', 'pageviews', 'conversions']
  const { results } = await clickWatch.query({ site_id: site, metrics, date_range: 'all' })
  return (results[0]?.metrics ?? []).join()
}
const until = (site: string, expected: string) =>
  eventually(`${expected} of ${site}`, async () => ((await counts(site)) === expected ? true : undefined))

/** Runs a server of another kind; answers once something listens. */
const serve = async (command: string, args: string[], cwd: string, address: string, env = {}) => {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  closing.push(() => void child.kill('SIGTERM'))
  await eventually(`${command} to serve`, () => {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${output}`)
    return fetch(address).then(
      () => true,
      () => undefined,
    )
  })
}

/** Every address that a page asked for. */
const visit = async (
  address: string,
  act: (page: import('playwright-core').Page) => Promise<void>,
): Promise<string[]> => {
  const page = await browser.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(address)
  await act(page)
  return asked
}

describe('behind a site’s own name', () => {
  it('nginx passes on the tracker, its events and the image, and nothing else', async () => {
    const port = await freePort()
    const html =
      '<!doctype html><script defer src="/hello/start.js" data-site="nginx"></script><button data-cw-cta>Buy</button>'
    mkdirSync(join(folder, 'html'))
    writeFileSync(join(folder, 'html/index.html'), html)
    const config = `
      daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr;
      events {}
      http {
        access_log off; default_type text/html;
        client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        upstream clickwatch { server ${new URL(clickWatch.baseUrl).host}; keepalive 16; }
        server { listen 127.0.0.1:${port}; root ${folder}/html; include ${integrations}/nginx/clickwatch.conf; }
      }`
    writeFileSync(join(folder, 'nginx.conf'), config)
    const address = `http://127.0.0.1:${port}`
    await serve('nginx', ['-c', join(folder, 'nginx.conf')], folder, address)

    const asked = await visit(address, (page) => page.click('button'))
    await until('nginx', '1,1,1')
    expect(asked.every((url) => url.startsWith(address))).toBe(true)
    const image = await fetch(`${address}/hello/e.gif?site=nginx-image&url=${address}/`)
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/gif'])
    await until('nginx-image', '1,1,0')
    for (const path of ['/api/sites', '/hello/api/sites', '/report', '/hello/e/', '/v1/events']) {
      expect((await fetch(address + path)).status).toBe(404)
    }
  })

  it('Next.js passes them on by rewrites', async () => {
    const project = join(folder, 'nextjs')
    cpSync(join(integrations, 'nextjs'), project, { recursive: true })
    const env = { CLICKWATCH_URL: clickWatch.baseUrl, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }
    const run = (command: string, args: string[]) =>
      execFileSync(command, args, { cwd: project, env: { ...process.env, ...env }, stdio: 'pipe' })
    run('npm', ['install', '--no-audit', '--no-fund'])
    run('npm', ['run', 'build'])
    const port = await freePort()
    const address = `http://127.0.0.1:${port}`
    await serve('node', ['node_modules/next/dist/bin/next', 'start', '-p', String(port)], project, address, env)

    const asked = await visit(address, async (page) => {
      // The tracker comes once the page is interactive.
      await eventually('the first page view', async () => ((await counts('nextjs')) === '1,1,0' ? true : undefined))
      await page.click('#see-pricing')
      await page.click('#buy')
    })
    await until('nextjs', '1,2,1')
    expect(asked.every((url) => url.startsWith(address))).toBe(true)
  })
})
