import { readFileSync } from 'node:fs'
import type { Key, KeyScope, MadeKey } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withRoutes } from '../../packages/server/src/api/routes-reference.ts'
import { openTestApi, type TestApi } from '../fixtures/api.ts'

// Each route of the table in docs/security.md, as everybody, about their own site and another's: allowed or refused as the table says.

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
type Row = { method: string; route: string; scope: string; of: string; links: string; isOperators: boolean }
const rows: Row[] = [...page.matchAll(/^\| `([A-Z]+) (\/\S+)` \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
  ([, method = '', route = '', key = '', links = '', noted = '']) => {
    const [, scope = '', of = ''] = /^`(\w+)`, (.*)$/.exec(key) ?? []
    return { method, route, scope, of, links, isOperators: noted === 'the command line alone' }
  },
)

let api: TestApi
let url: string
type Asker = { name: string; headers: Record<string, string>; key?: Pick<Key, 'site' | 'scopes'>; link?: 'dashboard' }
const askers: Asker[] = [{ name: 'nobody', headers: {} }]

const owner = { authorization: 'Bearer owner' }
const post = async <Answer>(path: string, payload: object): Promise<Answer> =>
  (await api.server.inject({ method: 'POST', url: path, headers: owner, payload })).json()

beforeAll(async () => {
  api = await openTestApi()
  url = await api.server.listen({ port: 0, host: '127.0.0.1' })
  askers.push({ name: 'the full key', headers: owner, key: { site: '*', scopes: ['read', 'write', 'admin'] } })
  for (const site of ['shop', '*']) {
    for (const scopes of [['read'], ['write'], ['admin'], ['read', 'write', 'admin']] satisfies KeyScope[][]) {
      const { key } = await post<MadeKey>('/api/keys', { name: `${site} ${scopes}`, site, scopes })
      askers.push({
        name: `a key of ${site} for ${scopes}`,
        headers: { authorization: `Bearer ${key}` },
        key: { site, scopes },
      })
    }
  }
  const { path } = await post<{ path: string }>('/api/sites/shop/links', { name: 'A link' })
  askers.push({ name: 'a link', headers: { 'x-clickwatch-link': path.replace('/share/', '') }, link: 'dashboard' })
})
afterAll(() => api.close())

/** Asks about a site, with nothing that could be done: ids that are nobody's, bodies that lack what they need. */
const statusOf = async ({ method, route }: Row, { headers }: Asker, site: string): Promise<number> => {
  const path = route.replace(':site', site).replace(/:\w+/g, '00000000-0000-0000-0000-000000000000')
  const isBySite = !route.includes(':site')
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const asked = new AbortController()
  const answer = await fetch(`${url}${path}${isBySite && !hasBody ? `?site=${site}` : ''}`, {
    method,
    headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(/v2|sql/.test(route) ? { site_id: site } : {}) } : {}),
    signal: asked.signal,
  })
  asked.abort()
  return answer.status
}

const mayCall = (row: Row, asker: Asker, site: string): boolean => {
  if (row.isOperators) return false
  if (asker.link) return row.links.includes('to a dashboard') && site === 'shop'
  if (!asker.key?.scopes.includes(row.scope as KeyScope)) return false
  if (asker.key.site === '*') return true
  if (row.of === 'of all sites') return false
  // Of which site is said within the conversation, where it is held to the key's.
  if (row.route === '/mcp' && row.method === 'POST') return true
  return site === asker.key.site
}

describe('the table of routes in docs/security.md', () => {
  it('is what the code says, and has every route', () => {
    expect(page).toBe(withRoutes(page))
    expect(rows.length).toBeGreaterThan(80)
    for (const { method, route, isOperators } of rows) {
      // What the command line has a server do is there as far as the server can.
      if (!isOperators)
        expect([route, api.server.hasRoute({ method: method as 'GET', url: route })]).toEqual([route, true])
    }
  })

  it.each(rows.map((row) => [`${row.method} ${row.route}`, row] as const))('%s', async (_name, row) => {
    const wrong: string[] = []
    for (const asker of askers) {
      for (const site of ['shop', 'other']) {
        const status = await statusOf(row, asker, site)
        // One that the server has not is found by nobody.
        const isRefused = [401, 403].includes(status) || (row.isOperators && status === 404)
        if (isRefused === mayCall(row, asker, site)) wrong.push(`${asker.name}, about ${site}: ${status}`)
        if (status >= 500) wrong.push(`${asker.name}, about ${site}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('has no route beside it that a key of another site opens by leaving the site out', async () => {
    const reader = askers.find(({ name }) => name === 'a key of shop for read')
    const answer = await fetch(`${url}/api/sites`, { headers: reader?.headers ?? {} })
    const { sites } = (await answer.json()) as { sites: { site: string }[] }
    expect(sites.filter(({ site }) => site !== 'shop')).toEqual([])
    const query = { metrics: ['events'], date_range: 'all' }
    const body = {
      method: 'POST',
      headers: { ...reader?.headers, 'content-type': 'application/json' },
      body: JSON.stringify(query),
    }
    const asked = await (await fetch(`${url}/api/v2/query`, body)).json()
    expect(asked).toMatchObject({ query: { site_id: 'shop' } })
  })
})
