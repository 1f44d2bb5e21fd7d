import type { LedgerAnswer, SitesAnswer } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClickWatch, eventually, runCommand, startClickWatch, untilStored } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'

// What people set of a site, in a server that goes on meanwhile.

let clickWatch: ClickWatch
beforeAll(async () => {
  clickWatch = await startClickWatch()
})
afterAll(() => clickWatch.dispose())

const ask = async (method: string, path: string, body?: object) => {
  const answer = await fetch(`${clickWatch.baseUrl}${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: await answer.json() }
}
const page = (path: string) => event({ url: `https://shop.example${path}` })
const send = (site: string, ...paths: string[]): Promise<Response> =>
  clickWatch.post('/e', { ...batch('visitor', 'visit', paths.map(page)), site })
const eventsOf = async (site: string): Promise<number> => {
  const { results } = await clickWatch.query({ site_id: site, metrics: ['events'], date_range: 'all' })
  return results[0]?.metrics[0] as number
}
const excludedOf = async (site: string): Promise<Record<string, number>> => {
  const { body } = await ask('GET', `/api/ledger?site=${site}`)
  const { reasons } = body as LedgerAnswer
  return Object.fromEntries(reasons.map(({ kind, reason, events }) => [`${kind} ${reason}`, events]))
}
const operate = async (...args: string[]): Promise<string> => {
  const { exited, output } = runCommand(args, { CLICKWATCH_DATA: clickWatch.dataFolder })
  await exited
  return output()
}

describe('what people set of a site', () => {
  it('holds for what arrives a moment later, and is accounted for', async () => {
    await send('shop', '/', '/admin/users')
    await untilStored(clickWatch)
    expect(await eventsOf('shop')).toBe(2)
    await ask('PATCH', '/api/sites/shop/settings', { exclude_pages: ['/admin/**', '/intern'] })
    // The collector looks every two seconds.
    await eventually('the setting to hold', async () => {
      await send('probe-of-it', '/')
      await send('shop', '/intern')
      await untilStored(clickWatch)
      return (await excludedOf('shop'))['excluded own_page'] ? true : undefined
    })
    const before = await eventsOf('shop')
    const out = (await excludedOf('shop'))['excluded own_page'] ?? 0
    await send('shop', '/', '/admin/users', '/administrators', '/intern/')
    await untilStored(clickWatch)
    expect(await eventsOf('shop')).toBe(before + 2)
    expect((await excludedOf('shop'))['excluded own_page']).toBe(out + 2)

    await ask('PATCH', '/api/sites/shop/settings', { origins: ['https://shop.example'] })
    await eventually('strangers to be refused', async () => {
      const headers = { origin: 'https://elsewhere.example' }
      const { status } = await clickWatch.post(
        '/e',
        { ...batch('visitor', 'visit', [page('/')]), site: 'shop' },
        headers,
      )
      return status === 403 ? true : undefined
    })
    expect(await operate('verify')).toContain('Everything adds up.')
  })

  it('goes from the command line as well, beside a server that runs', async () => {
    await operate('site', 'add', 'brief', '--name', 'A brief one')
    await operate('site', 'set', 'brief', 'exclude_pages', '/intern')
    await send('brief', '/', '/a')
    await untilStored(clickWatch)
    expect(await operate('site', 'reset', 'brief', '--name', 'brief one')).toContain('is expected')
    expect(await eventsOf('brief')).toBe(2)
    expect(await operate('site', 'reset', 'brief', '--name', 'A brief one')).toContain(
      '2 events of site brief are erased',
    )
    expect(await eventsOf('brief')).toBe(0)
    expect(await operate('site', 'show', 'brief')).toContain('/intern')
    // Nobody owns this server: whoever is on its machine may go on without an account.
    await operate('user', 'add', 'ida@example.org', '--site', 'brief', '--role', 'admin')
    await operate('user', 'add', 'grace@example.org', '--site', 'brief')
    const transfer = ['site', 'transfer', 'brief', '--to', 'grace@example.org', '--name']
    expect(await operate(...transfer, 'brief one')).toContain('is expected')
    expect(await operate(...transfer, 'brief', '--keeps', 'owner')).toContain('owner')
    expect(await operate(...transfer, 'brief')).toBe(
      'grace@example.org is the admin of brief.\nida@example.org was, and is viewer of it.\n',
    )
    expect(await operate('site', 'transfer', 'brief', '--to', 'eve@example.org', '--name', 'brief')).toContain(
      'There is no account of eve@example.org',
    )
    await operate('site', 'delete', 'brief', '--name', 'brief')
    expect(await operate('site', 'show', 'brief')).not.toContain('/intern')
    const { sites, added } = (await ask('GET', '/api/sites')).body as SitesAnswer
    expect([...sites.map(({ site }) => site), ...added]).not.toContain('brief')
    const { entries } = (await ask('GET', '/api/audit?site=brief')).body as { entries: { what: string }[] }
    expect(entries.map(({ what }) => what)).toEqual([
      'removed a site',
      'handed a site over',
      'gave somebody a role',
      'gave somebody a role',
      'erased everything stored of a site',
      'changed what is taken in of a site',
      'added a site',
    ])
    expect(await operate('verify')).toContain('Everything adds up.')
  })

  it('is kept when what is stored goes, and goes with the site', async () => {
    const goal = { name: 'Bought', rule: { type: 'event', event_name: 'Bought' } }
    await ask('POST', '/api/sites/shop/goals', goal)
    const reset = await ask('POST', '/api/sites/shop/reset', { name: 'shop' })
    expect(reset).toMatchObject({ status: 200, body: { sentence: expect.stringContaining('of site shop are erased') } })
    expect(await eventsOf('shop')).toBe(0)
    expect((await ask('GET', '/api/sites/shop/goals')).body.goals).toMatchObject([goal])
    expect((await ask('GET', '/api/sites')).body as SitesAnswer).toMatchObject({ added: ['shop'] })

    expect((await ask('DELETE', '/api/sites/shop?name=shop')).status).toBe(200)
    expect((await ask('GET', '/api/sites/shop/goals')).body.goals).toEqual([])
    expect((await ask('GET', '/api/sites/shop/settings')).body.set).toEqual({})
    const { sites, added } = (await ask('GET', '/api/sites')).body as SitesAnswer
    expect([sites.map(({ site }) => site), added]).toEqual([['probe-of-it'], []])
    expect(await operate('verify')).toContain('Everything adds up.')
  })
})
