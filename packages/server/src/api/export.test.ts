import { rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { parquetReadObjects } from 'hyparquet'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openTestStore } from '../../../../test/fixtures/store.ts'
import { createServer } from '../http/server.ts'
import { type Metadata, openMetadataInMemory } from '../metadata/database.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { contextsOf } from '../query/context.ts'
import { migrate } from '../store/migrate.ts'
import type { Store } from '../store/store.ts'
import { addExportRoutes } from './export.ts'

const folder = temporaryFolder()
let store: Store
let metadata: Metadata
let server: FastifyInstance
let baseUrl: string

const formula = '=HYPERLINK("https://evil.example")'
const paths = ['/a', formula, '/quo"te,and\nline', '@home', '/ü']
const visited = (site: string, path: string, index: number) => ({
  site,
  event_id: `${site}-${index}`,
  time: `2026-03-0${1 + (index % 3)} 12:00:0${index % 10}`,
  received_at: '2026-03-05 12:00:00',
  visitor_id: `visitor-${index}`,
  session_id: `session-${index}`,
  type: 'page_view',
  path,
  source: 'Direct',
  props: { plan: 'pro' },
  sign: 1,
  version: 1,
})

beforeAll(async () => {
  store = await openTestStore(join(folder, 'store'))
  await migrate(store, async () => undefined)
  const rows = [...paths.map((path, index) => visited('shop', path, index)), visited('other', '/secret', 0)]
  await store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), 'rows')
  metadata = await openMetadataInMemory()
  const siteViews = siteViewsOf(metadata, 'UTC')
  server = createServer(pino({ level: 'silent' }))
  addExportRoutes(server, {
    store,
    siteViews,
    contextOf: contextsOf(store, metadata, siteViews),
    queryLimits: { seconds: 30, memoryBytes: 1_500_000_000, rows: 1_000_000_000 },
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
  baseUrl = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await server?.close()
  await Promise.all([store?.close(), metadata?.destroy()])
  rmSync(folder, { recursive: true, force: true })
})

const pages = {
  site_id: 'shop',
  metrics: ['visitors', 'pageviews'],
  dimensions: ['event:page'],
  date_range: ['2026-03-01', '2026-03-31'],
}
const exportPanel = (format: string, query: object = pages, name = '') =>
  fetch(`${baseUrl}/api/v2/export?format=${format}&name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  })
const exportRows = (search: string, table = 'events', signal?: AbortSignal) =>
  fetch(`${baseUrl}/api/export/${table}?${search}`, signal ? { signal } : {})
const march = 'site=shop&from=2026-03-01&to=2026-03-31'

/** RFC 4180, read by hand: the test would not notice a mistake that it shares with the writer. */
const readCsv = (text: string): string[][] => {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (isQuoted && character === '"' && text[at + 1] === '"') {
      cell += '"'
      at++
    } else if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && (character === ',' || character === '\n')) {
      rows.at(-1)?.push(cell.replace(/\r$/, ''))
      cell = ''
      if (character === '\n') rows.push([])
    } else cell += character
  }
  return rows.filter((row) => row.length > 0)
}
const harmless = (path: string) => (/^[=@]/.test(path) ? `'${path}` : path)

describe('a panel as a file', () => {
  it('is CSV that no spreadsheet runs', async () => {
    const answer = await exportPanel('csv', pages, '../../Top pages\r\nX: y')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="shop-..-..-Top-pages-X-y.csv"')
    expect(answer.headers.get('content-type')).toContain('text/csv')
    const [head, ...rows] = readCsv(await answer.text())
    expect(head).toEqual(['event:page', 'visitors', 'pageviews'])
    expect(rows.toSorted()).toEqual(paths.map((path) => [harmless(path), '1', '1']).toSorted())
  })

  it('is JSON with what was asked', async () => {
    const answer = (await (await exportPanel('json')).json()) as { results: { dimensions: string[] }[]; query: object }
    expect(answer.results.map(({ dimensions: [path] }) => path).toSorted()).toEqual(paths.toSorted())
    expect(answer.query).toEqual(pages)
  })

  it('is Parquet', async () => {
    const answer = await exportPanel('parquet')
    const content = await answer.arrayBuffer()
    const rows = await parquetReadObjects({ file: content })
    expect(rows.map((row) => row['event:page']).toSorted()).toEqual(paths.toSorted())
    expect(rows.map((row) => row.pageviews)).toEqual(paths.map(() => 1))
    // And to who neither wrote it nor shares a line with who did.
    const path = join(folder, 'panel.parquet')
    writeFileSync(path, new Uint8Array(content))
    expect(await store.query('SELECT * FROM file({path:String}, Parquet)', { path })).toEqual(rows)
  })

  it('is an error, not a broken file, where the question is wrong', async () => {
    const answer = await exportPanel('csv', { ...pages, date_range: ['2026-03-31', '2026-03-01'] })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-disposition')).toBeNull()
    expect((await exportPanel('xlsx')).status).toBe(400)
  })
})

describe('rows as a file', () => {
  it('are CSV of the site alone, and say nothing of how they are kept', async () => {
    const answer = await exportRows(`${march}&format=csv`)
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="shop-events-2026-03-01-2026-03-31.csv"',
    )
    const [head = [], ...rows] = readCsv(await answer.text())
    expect(head).toContain('visitor_id')
    expect(head.filter((name) => ['sign', 'version', 'stream_offset', 'stream_partition'].includes(name))).toEqual([])
    expect(rows.map((row) => row[head.indexOf('path')]).toSorted()).toEqual(paths.map(harmless).toSorted())
  })

  it('are Parquet and lines of JSON, as they are stored', async () => {
    const parquet = await parquetReadObjects({
      file: await (await exportRows(`${march}&format=parquet`)).arrayBuffer(),
    })
    const lines = (await (await exportRows(`${march}&format=json`)).text()).trim().split('\n')
    for (const rows of [parquet, lines.map((line) => JSON.parse(line) as Record<string, unknown>)]) {
      expect(rows.map((row) => row.path).toSorted()).toEqual(paths.toSorted())
      expect(rows.every((row) => row.site === 'shop')).toBe(true)
    }
  })

  it('are those of the days, as the site has them', async () => {
    const text = await (await exportRows('site=shop&from=2026-03-02&to=2026-03-02&format=json')).text()
    expect(text.trim().split('\n')).toHaveLength(2)
    await siteViewsOf(metadata, 'UTC').change('shop', { timezone: 'Pacific/Kiritimati' })
    // Noon in UTC is two o'clock of the next day there.
    const shifted = await (await exportRows('site=shop&from=2026-03-02&to=2026-03-02&format=json')).text()
    expect(shifted).toContain('2026-03-01 12:00')
    await siteViewsOf(metadata, 'UTC').change('shop', { timezone: 'UTC' })
  })

  it.each([
    ['from', 'site=shop&to=2026-03-31'],
    ['to', 'site=shop&from=2026-03-01&to=yesterday'],
    ['format', `${march}&format=xlsx`],
    ['site', 'site=%27&from=2026-03-01&to=2026-03-31'],
  ])('are refused with a wrong %s', async (field, search) => {
    const answer = await exportRows(search)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { field } })
  })

  it('end when who asked leaves, and are sent to the next', async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({
      ...visited('big', '/p', index),
      event_id: `b${index}`,
    }))
    await store.insert('silver.events', Buffer.from(many.map((row) => JSON.stringify(row)).join('\n')), 'many')
    const isTurn = async () => {
      const next = await exportRows(`${march}&format=csv`)
      await next.text()
      return next.status === 200 ? true : undefined
    }
    for (let round = 0; round < 2; round++) {
      await eventually('the one before to have ended', isTurn)
      const leaving = new AbortController()
      const answer = await exportRows('site=big&from=2026-03-01&to=2026-03-31&format=json', 'events', leaving.signal)
      expect(answer.status).toBe(200)
      await answer.body?.getReader().read()
      const refused = await exportRows(`${march}&format=csv`)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
      leaving.abort()
      await eventually('the next to have their turn', isTurn)
    }
  })

  it('are visits too', async () => {
    const answer = await exportRows(`${march}&format=csv`, 'sessions')
    expect((await answer.text()).split('\n')[0]).toContain('entry_page')
  })
})
