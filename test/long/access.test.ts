import { readFileSync } from 'node:fs'
import { type Key, type KeyScope, type MadeKey, roles } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scopesOf } from '../../packages/server/src/accounts/roles.ts'
import { withRoutes } from '../../packages/server/src/api/routes-reference.ts'
import { openTestApi, type TestApi } from '../fixtures/api.ts'

// Each route of the table in docs/security.md, as everybody, about their own site and another's: allowed or refused as the table says.
// Everybody is nobody, whoever has a key, whoever has a role and a session, and whoever has a link.

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
type Row = {
  method: string
  route: string
  /** Of who needs none: 'everybody', or 'who is signed in'. */
  open: string
  scope: string
  of: string
  links: string
  isOperators: boolean
}
const rows: Row[] = [...page.matchAll(/^\| `([A-Z]+) (\/\S+)` \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
  ([, method = '', route = '', who = '', links = '', noted = '']) => {
    const [, scope = '', of = ''] = /^`(\w+)` or \w+, (.*)$/.exec(who) ?? []
    return { method, route, open: scope ? '' : who, scope, of, links, isOperators: noted === 'the command line alone' }
  },
)

let api: TestApi
let url: string
type Asker = {
  name: string
  headers: Record<string, string>
  key?: Pick<Key, 'site' | 'scopes'>
  link?: 'dashboard'
  /** Begins another session, where it is one. */
  signIn?: () => Promise<Record<string, string>>
}
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
  for (const site of ['shop', '*']) {
    for (const role of roles) {
      if (role === 'owner' && site !== '*') continue
      const email = `${role}-${site === '*' ? 'all' : site}@example.org`
      const { id } = await api.accounts.add({ name: email, email, password, isVerified: true })
      await api.accounts.people.giveRole(id, site, role)
      const signIn = () => sessionOf(email)
      askers.push({
        ...{ name: `the ${role} of ${site}`, headers: await signIn(), signIn },
        key: { site, scopes: [...scopesOf[role]] },
      })
    }
  }
  const { path } = await post<{ path: string }>('/api/sites/shop/links', { name: 'A link' })
  askers.push({ name: 'a link', headers: { 'x-clickwatch-link': path.replace('/share/', '') }, link: 'dashboard' })
})
afterAll(() => api.close())

const password = 'a long enough one'
/** What the browser of somebody sends who has just signed in. */
const sessionOf = async (email: string): Promise<Record<string, string>> => {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  })
  return {
    origin: url,
    cookie: answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  }
}

/** Asks about a site, with nothing that could be done: ids that are nobody's, bodies that lack what they need. */
const statusOf = async (
  { method, route }: Row,
  { headers }: Asker,
  site: string,
): Promise<{ status: number; code: string }> => {
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
  const text = answer.status < 400 ? '' : await answer.text()
  const code = text === '' ? '' : ((JSON.parse(text) as { error?: { code: string } }).error?.code ?? '')
  asked.abort()
  return { status: answer.status, code }
}

/** What the guard says no with; what a route itself refuses, such as a wrong password, came through. */
const refusals = new Set(['unauthorized', 'key_expired', 'scope_missing', 'not_yours', 'not_of_link', 'foreign_origin'])

const mayCall = (row: Row, asker: Asker, site: string): boolean => {
  if (row.isOperators) return false
  if (row.open === 'everybody') return true
  if (row.open !== '') return asker.signIn !== undefined
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
        const answer = await statusOf(row, asker, site)
        // It may have ended the session.
        if (row.open !== '' && asker.signIn) asker.headers = await asker.signIn()
        const status = answer.status
        // One that the server has not is found by nobody.
        const isRefused = refusals.has(answer.code) || (row.isOperators && status === 404)
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
