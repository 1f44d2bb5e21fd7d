import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMetadataFile } from '../packages/server/src/metadata/database.ts'
import { openEmbeddedReader } from '../packages/server/src/stream/embedded.ts'
import {
  type ClickWatch,
  eventually,
  runCommand,
  startClickWatch,
  temporaryFolder,
  untilStored,
} from './fixtures/clickwatch.ts'
import { batch, event } from './fixtures/events.ts'

const folder = temporaryFolder()
const dataFolder = join(folder, 'data')
let clickWatch: ClickWatch
beforeAll(async () => {
  clickWatch = await startClickWatch({ dataFolder })
})
afterAll(async () => {
  await clickWatch.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const run = async (args: string[], data = dataFolder) => {
  const { exited, output } = runCommand(args, { CLICKWATCH_DATA: data })
  return { code: await exited, output: output() }
}
const totals = async (from: ClickWatch) =>
  (await from.query({ metrics: ['visitors', 'visits', 'pageviews', 'events'], date_range: 'all' })).results[0]?.metrics

const send = async (visitors: number, from: ClickWatch = clickWatch) => {
  const before = (await totals(from))?.[3] ?? 0
  for (let index = 0; index < visitors; index++) {
    await from.post('/e', batch(`v${index}-${before}`, `s${index}-${before}`, [event(), event()]))
  }
  await eventually('all of it to be counted', async () =>
    (await totals(from))?.[3] === before + visitors * 2 ? true : undefined,
  )
  await untilStored(from)
}

describe('the operator', () => {
  it('has a running server checked and rebuilt, and its numbers stay', async () => {
    await send(20)
    const before = await totals(clickWatch)
    const good = { session_id: 's', user_id: 'u', timestamp: '2026-01-01T10:00:00Z', page_url: '/' }
    await clickWatch.post('/v1/sessions', [good, { ...good, timestamp: 'never' }])
    await eventually('the letter', async () => {
      const { reasons } = await clickWatch.get<{ reasons: { letters: number }[] }>('/api/admin/dead-letters')
      return reasons[0]?.letters === 1 ? true : undefined
    })
    const verified = await run(['verify'])
    expect(verified.output).toContain('Everything adds up.')
    expect(verified.code).toBe(0)
    const rebuilt = await run(['rebuild'])
    expect(rebuilt.output).toMatch(/Silver and gold are made anew from 2\d records/)
    expect(rebuilt.code).toBe(0)
    expect((await totals(clickWatch))?.[0]).toBe((before?.[0] ?? 0) + 1)
    const replayed = await run(['replay', 'dead-letters'])
    expect(replayed.output).toContain('0 of 1 dead letter could be understood')
    expect((await run(['verify'])).code).toBe(0)
  })

  it('cannot be played by whoever reaches the port', async () => {
    const answer = await fetch(`${clickWatch.baseUrl}/api/admin/backup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-clickwatch-operator': 'yes' },
      body: JSON.stringify({ argument: join(folder, 'stolen') }),
    })
    expect(answer.status).toBe(403)
    expect(readdirSync(folder)).not.toContain('stolen')
  })

  it('backs up what is new, and restores all of it elsewhere', async () => {
    const backup = join(folder, 'backup')
    await clickWatch.post('/api/sites/default/goals', { name: 'Bought', rule: { type: 'page', path: '/thanks' } })
    expect((await run(['backup', backup])).output).toMatch(/2\d records more/)
    await send(5)
    const second = await run(['backup', backup])
    expect(second.output).toMatch(/^[0-6] records more|\n[0-6] records more/)
    const expected = await totals(clickWatch)
    await send(3)

    const restored = join(folder, 'restored')
    const { code, output } = await run(['restore', backup], restored)
    expect(output).toContain('are restored')
    expect(code).toBe(0)
    const other = await startClickWatch({ dataFolder: restored })
    try {
      expect(await totals(other)).toEqual(expected)
      expect(await other.get('/api/sites/default/goals')).toMatchObject({ goals: [{ name: 'Bought' }] })
      await send(2, other)
      expect((await run(['verify'], restored)).output).toContain('Everything adds up.')
    } finally {
      await other.interrupt()
    }
    expect((await run(['verify'], restored)).code).toBe(0)
    expect((await run(['restore', backup], restored)).output).toContain('holds data already')
  })

  it('has everything told of a visitor, and then has them erased, also from what the stream still holds', async () => {
    const before = (await totals(clickWatch))?.[3] ?? 0
    await clickWatch.post('/e', batch('to-be-erased', 'gone', [event(), event()]))
    await eventually('them to be counted', async () =>
      (await totals(clickWatch))?.[3] === before + 2 ? true : undefined,
    )
    await untilStored(clickWatch)
    const told = async (name: string): Promise<Record<string, unknown[]>> => {
      const file = join(folder, name)
      await run(['export', 'visitor', '--visitor', 'to-be-erased', file])
      return (JSON.parse(readFileSync(file, 'utf8')) as { tables: Record<string, unknown[]> }).tables
    }
    const known = await told('before.json')
    expect(known['bronze.web_cookies']).toMatchObject([{ document: { visitor_id: 'to-be-erased' } }])
    expect(known['silver.events']).toHaveLength(2)
    expect(known['silver.sessions']).toMatchObject([{ session_id: 'gone', events: 2 }])
    const { output, code } = await run(['erase', '--site', 'default', '--visitor', 'to-be-erased'])
    expect(output).toContain('2 events of one visitor of default are erased')
    expect(code).toBe(0)
    expect((await totals(clickWatch))?.[3]).toBe(before)
    expect((await run(['verify'])).output).toContain('Everything adds up.')
    const stream = openEmbeddedReader(join(dataFolder, 'stream'))
    const texts = [0, 1].flatMap((partition) =>
      stream.read(partition, 0, 10_000, 1e9).map(({ value }) => value.toString()),
    )
    await stream.close()
    expect(texts.length).toBeGreaterThan(20)
    expect(texts.filter((text) => text.includes('to-be-erased'))).toEqual([])
    expect(Object.values(await told('after.json')).flat()).toEqual([])
    expect((await run(['erase'])).output).toContain('clickwatch erase --site SITE')
  })

  it('has a site erased, with its ideas, who left an address, and what was decided', async () => {
    const add = async (site: string): Promise<string> => {
      const answer = await clickWatch.post(`/api/sites/${site}/ideas`, {
        name: 'Gift cards',
        key: 'gift-cards',
        hypothesis: 'Some want them',
        template: 'fake_door',
        ladder: [
          { grade: 'seen', rule: { type: 'page', path: '/gifts' } },
          { grade: 'click', rule: { type: 'element', element: 'buy', action: 'click' } },
        ],
        bar: { grade: 'click', rate: 0.04 },
        budget: { visitors: 500 },
        door: { title: 'Not there yet', text: 'We are finding out.', asks_address: true },
      })
      expect(answer.status).toBe(201)
      const { id } = (await answer.json()) as { id: string }
      await eventually('the door', async () => {
        const left = await fetch(`${clickWatch.baseUrl}/idea/${site}/gift-cards`, {
          method: 'POST',
          body: new URLSearchParams({ address: `somebody@${site}.example` }),
          redirect: 'manual',
        })
        return left.status === 303 || undefined
      })
      const decision = { decision: 'stop', why: 'Enough' }
      expect((await clickWatch.post(`/api/sites/${site}/ideas/${id}/decisions`, decision)).status).toBe(201)
      return id
    }
    await add('goes')
    await add('stays')
    await clickWatch.post('/api/sites/goes/goals', { name: 'Bought', rule: { type: 'page', path: '/thanks' } })
    expect((await run(['erase', '--site', 'goes'])).output).toContain(
      '0 events of site goes are erased, and 1 idea with 1 address.',
    )
    expect(await clickWatch.get('/api/sites/goes/ideas')).toEqual({ ideas: [] })
    expect(await clickWatch.get('/api/sites/stays/ideas')).toMatchObject({ ideas: [{ status: 'decided' }] })
    expect(await clickWatch.get('/api/sites/goes/goals')).toMatchObject({ goals: [{ name: 'Bought' }] })
    const metadata = await openMetadataFile(join(dataFolder, 'metadata.sqlite'))
    for (const table of ['interested', 'idea_decisions'] as const) {
      expect(await metadata.selectFrom(table).select('id').execute()).toHaveLength(1)
    }
    await metadata.destroy()
  })

  it('is told what is wrong with a command', async () => {
    const nothing = join(folder, 'nothing')
    mkdirSync(nothing)
    expect((await run(['verify'], nothing)).output).toContain('There is nothing in')
    writeFileSync(join(nothing, 'file'), '')
    expect((await run(['restore', nothing], join(folder, 'another'))).output).toContain('There is no backup in')
    expect((await run(['replay'])).output).toContain('clickwatch replay dead-letters')
    expect((await run(['backup'])).output).toContain('clickwatch backup DIR')
  })
})
