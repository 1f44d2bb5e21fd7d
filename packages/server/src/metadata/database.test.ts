import { randomUUID } from 'node:crypto'
import type { IdeaReport, NewIdea } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestMetadata } from '../../../../test/fixtures/metadata.ts'
import { copyMetadata, isEmptyMetadata, tables } from './copy.ts'
import { type Metadata, openMetadataInMemory } from './database.ts'
import { ideasOf } from './ideas.ts'
import { interestedOf } from './interested.ts'
import { goalsOf } from './kept.ts'
import { linksOf } from './links.ts'
import { alertsOf, reportsOf } from './noted.ts'
import { isPassword } from './passwords.ts'
import { secretOf } from './secrets.ts'
import { siteViewsOf } from './site-views.ts'

let metadata: Metadata
beforeAll(async () => {
  metadata = await openTestMetadata()
})
afterAll(() => metadata?.destroy())

const report = { name: 'Weekly', every: 'week', panels: ['numbers'], target: { type: 'mail', to: ['a@example.org'] } }
const door: NewIdea = {
  name: 'Gift cards',
  key: 'gift-cards',
  hypothesis: 'Who sees the button wants one',
  template: 'fake_door',
  ladder: [
    { grade: 'seen', rule: { type: 'page', path: '/gifts' } },
    { grade: 'click', rule: { type: 'element', element: 'buy', action: 'click' } },
  ],
  bar: { grade: 'click', rate: 0.04 },
  budget: { visitors: 5000 },
}
const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString()

describe('what is kept', () => {
  it('has a key for each purpose, the same for all who ask first', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => secretOf(metadata, 'passes')))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(keys[0]).toHaveLength(32)
    expect(await secretOf(metadata, 'other')).not.toEqual(keys[0])
  })

  it('comes back as it was: a text of any characters, a yes and a no, a time, nothing', async () => {
    const site = randomUUID()
    const name = `'"\\ ünï🎈 \u202e; -- %`
    const rule = { type: 'event', event_name: 'a\u0000b' } as const
    const goal = await goalsOf(metadata).add(site, { name, rule })
    expect(await goalsOf(metadata).list(site)).toEqual([goal])
    expect(goal).toMatchObject({ name, rule })
    expect(new Date(goal.created_at).toISOString()).toBe(goal.created_at)
    const alerts = alertsOf(metadata)
    const alert = { ...report, rule: { type: 'silence', minutes: 5 } } as unknown as Parameters<typeof alerts.add>[1]
    const { id } = await alerts.add(site, alert)
    await alerts.note(id, { is_on: true, last_fired_at: at(1) })
    expect(await alerts.get(site, id)).toMatchObject({ is_on: true, last_fired_at: at(1), last_error: null })
    await alerts.note(id, { is_on: false })
    expect(await alerts.get(site, id)).toMatchObject({ is_on: false, last_fired_at: at(1), last_error: null })
  })

  it('finds a link by its token, with the password that was asked for, and notes when it was used', async () => {
    const site = randomUUID()
    const links = linksOf(metadata)
    const added = await links.add(site, { name: 'Press', password: 'sesame', screens: ['main'] } as never)
    const token = added.path.split('/').at(-1) ?? ''
    const found = await links.find(token)
    expect(await isPassword('sesame', found?.passwordHash ?? '')).toBe(true)
    expect(await links.find(token.toLowerCase() + token.toUpperCase())).toBeUndefined()
    const nowMs = Date.parse(at(0))
    await links.used(added.id, nowMs)
    await links.used(added.id, nowMs + 59_000)
    expect((await links.list(site))[0]?.last_used_at).toBe(at(0))
    await links.used(added.id, nowMs + 60_000)
    expect((await links.list(site))[0]?.last_used_at).toBe(at(60))
    await links.remove(site, added.id)
    await expect(links.remove(site, added.id)).rejects.toMatchObject({ status: 404 })
  })

  it('has one view of a site, however often it is changed', async () => {
    const views = siteViewsOf(metadata, 'UTC')
    const site = randomUUID()
    await views.change(site, { name: 'Shop' })
    await views.change(site, { week_start: 7 })
    expect(await views.decidedOf(site)).toEqual({ name: 'Shop', week_start: 7 })
  })

  it('has an idea with what was changed and decided in the order of time, and nothing of it once it is removed', async () => {
    const site = randomUUID()
    let second = 0
    const ideas = ideasOf(metadata, () => Date.parse(at(second++)))
    const { id } = await ideas.add(site, door)
    await expect(ideas.add(site, { ...door, key: 'other' })).rejects.toMatchObject({ status: 409, code: 'name_taken' })
    expect((await ideas.get(site, id)).status).toBe('waiting')
    await ideas.lock(site, id, at(30))
    expect((await ideas.lock(site, id, at(40))).locked_at).toBe(at(30))
    for (const rate of [0.1, 0.2]) {
      await ideas.change(site, id, { ...door, bar: { ...door.bar, rate }, why: `for ${rate}` })
    }
    const seen = { tables_version: '1:2', idea: door } as unknown as IdeaReport
    const decision = await ideas.decide(site, id, { decision: 'build', why: 'They want it' } as never, seen)
    const idea = await ideas.get(site, id)
    expect(idea.revisions.map(({ why }) => why)).toEqual(['for 0.1', 'for 0.2'])
    expect(idea).toMatchObject({ status: 'decided', decisions: [decision] })
    expect((await ideas.decided(site, id, decision.id)).report).toEqual(seen)
    const people = interestedOf(metadata)
    await people.add(id, 'A@example.org', at(50))
    await people.add(id, 'a@example.org', at(51))
    await people.add(id, 'b@example.org', at(52))
    expect((await people.list(id)).map(({ address }) => address)).toEqual(['A@example.org', 'b@example.org'])
    // At the same time, too, and of one idea alone.
    await Promise.all(Array.from({ length: 5 }, () => interestedOf(metadata).add(id, 'C@example.org', at(53))))
    expect((await people.list(id)).map(({ address }) => address)).toHaveLength(3)
    await expect(interestedOf(metadata, 3).add(id, 'd@example.org', at(54))).rejects.toMatchObject({
      code: 'too_many_addresses',
      status: 409,
    })
    const few = interestedOf(metadata, 4)
    await few.add(id, 'e@example.org', at(55))
    await expect(few.add(id, 'f@example.org', at(56))).rejects.toMatchObject({ code: 'too_many_addresses' })
    await ideas.remove(site, id)
    expect(await people.list(id)).toEqual([])
    for (const table of ['idea_revisions', 'idea_decisions'] as const) {
      expect(await metadata.selectFrom(table).selectAll().where('idea', '=', id).execute()).toEqual([])
    }
  })
})

describe('a copy', () => {
  const rowsOf = async (of: Metadata): Promise<Record<string, string[]>> => {
    const all: Record<string, string[]> = {}
    for (const table of tables) {
      const rows = await of.selectFrom(table).selectAll().execute()
      all[table] = rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort()
    }
    return all
  }

  it('is of every table there is', async () => {
    const there = await metadata.introspection.getTables()
    // Whoever is signed in signs in again.
    const passing = ['auth_sessions', 'auth_verifications']
    expect(there.map(({ name }) => name).sort()).toEqual([...tables, ...passing].sort())
  })

  it('has every row and its keys, in the other form and back', async () => {
    const site = randomUUID()
    const ideas = ideasOf(metadata)
    const { id } = await ideas.add(site, door)
    await ideas.lock(site, id, at(1))
    await ideas.change(site, id, { ...door, key: 'cards', why: 'shorter' })
    await ideas.decide(site, id, { decision: 'build', why: 'yes' } as never, { tables_version: '' } as never)
    await interestedOf(metadata).add(id, 'a@example.org', at(2))
    const reports = reportsOf(metadata)
    // More than go into one statement.
    for (let index = 0; index < 501; index++) await reports.add(site, { ...report, name: `${index}` } as never)
    const before = await rowsOf(metadata)
    expect(before.reports?.length).toBeGreaterThan(500)

    const other = await openMetadataInMemory()
    // Every installation has some of its own.
    await secretOf(other, 'passes')
    expect(await isEmptyMetadata(other)).toBe(true)
    const count = await copyMetadata(metadata, other)
    expect(count).toBe(Object.values(before).flat().length)
    expect(await rowsOf(other)).toEqual(before)
    expect(await isEmptyMetadata(other)).toBe(false)

    await metadata.destroy()
    metadata = await openTestMetadata()
    expect(await isEmptyMetadata(metadata)).toBe(true)
    await copyMetadata(other, metadata)
    expect(await rowsOf(metadata)).toEqual(before)
    await other.destroy()
  })

  it('is whole or not at all', async () => {
    const site = randomUUID()
    const other = await openMetadataInMemory()
    await siteViewsOf(metadata, 'UTC').change(site, { name: 'Shop' })
    const taken = await goalsOf(metadata).add(site, { name: 'Taken', rule: { type: 'page', path: '/' } })
    const row = await metadata.selectFrom('goals').selectAll().where('id', '=', taken.id).executeTakeFirstOrThrow()
    await other.insertInto('goals').values(row).execute()
    await expect(copyMetadata(metadata, other)).rejects.toThrow()
    expect(await other.selectFrom('site_views').selectAll().execute()).toEqual([])
    await other.destroy()
  })
})
