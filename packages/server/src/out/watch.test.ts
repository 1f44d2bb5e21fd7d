import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Goal, NewAlert } from '@clickwatch/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openTestStore } from '../../../../test/fixtures/store.ts'
import { type Metadata, openMetadataInMemory } from '../metadata/database.ts'
import { goalsOf } from '../metadata/kept.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { contextsOf } from '../query/context.ts'
import { migrate } from '../store/migrate.ts'
import type { Store } from '../store/store.ts'
import { type Ask, askOf } from './ask.ts'
import { watch } from './watch.ts'

const folder = temporaryFolder()
const nowMs = Date.parse('2026-03-30T12:00:00Z')
let store: Store
let metadata: Metadata
let ask: Ask
let goal: Goal

const minutes = (count: number): number => nowMs - count * 60_000
const week = 7 * 24 * 60
let made = 0
const seen = (site: string, timeMs: number, visitor: string, path = '/') => ({
  site,
  event_id: `e${made++}`,
  time: new Date(timeMs).toISOString().slice(0, 23).replace('T', ' '),
  received_at: new Date(timeMs).toISOString().slice(0, 23).replace('T', ' '),
  visitor_id: visitor,
  session_id: visitor,
  type: 'page_view',
  path,
  sign: 1,
  version: 1,
})

beforeAll(async () => {
  store = await openTestStore(join(folder, 'store'))
  await migrate(store, async () => undefined)
  const usual = [1, 2, 3, 4].flatMap((weeks) =>
    Array.from({ length: 10 }, (_, index) => seen('shop', minutes(weeks * week + 30), `w${weeks}-${index}`)),
  )
  const now = Array.from({ length: 30 }, (_, index) =>
    seen('shop', minutes(20), `now-${index}`, index < 3 ? '/paid' : '/'),
  )
  // What was an hour and a half ago is not of the last hour.
  const rows = [...usual, ...now, seen('shop', minutes(90), 'before'), seen('quiet', minutes(45), 'last')]
  await store.insert('silver.events', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), 'rows')
  metadata = await openMetadataInMemory()
  goal = await goalsOf(metadata).add('shop', { name: 'Paid', rule: { type: 'page', path: '/paid' } })
  ask = askOf(store, contextsOf(store, metadata, siteViewsOf(metadata, 'UTC')))
})
afterAll(async () => {
  await Promise.all([store?.close(), metadata?.destroy()])
  rmSync(folder, { recursive: true, force: true })
})

const target: NewAlert['target'] = { type: 'webhook', url: 'https://hooks.example/', format: 'json' }
const watching = (rule: NewAlert['rule'], site = 'shop', filters?: NewAlert['filters']) =>
  watch({ name: 'A', rule, target, ...(filters ? { filters } : {}) }, site, {
    ask,
    nowMs,
    goalOf: async (id) => (id === goal.id ? goal : undefined),
  })

it('an alert holds the last hour against the same hour of the weeks before', async () => {
  expect(await watching({ type: 'spike', times: 3 })).toEqual({
    isOn: true,
    sentence: '30 visitors in the last hour; usual at this time is 10.',
  })
  expect((await watching({ type: 'spike', times: 3.1 })).isOn).toBe(false)
  expect((await watching({ type: 'drop', to_share: 0.5 })).isOn).toBe(false)
  const paid = await watching({ type: 'drop', to_share: 0.5 }, 'shop', [['is', 'event:page', ['/paid']]])
  expect(paid.sentence).toBe('3 visitors in the last hour; there are no weeks before to compare with.')
})

it('an alert counts how often a goal was reached today', async () => {
  expect(await watching({ type: 'goal', goal: goal.id, times: 3 })).toEqual({
    isOn: true,
    sentence: "The goal 'Paid' was reached 3 times today.",
  })
  expect((await watching({ type: 'goal', goal: goal.id, times: 4 })).isOn).toBe(false)
})

it('an alert hears that nothing was heard', async () => {
  expect((await watching({ type: 'silence', minutes: 44 }, 'quiet')).isOn).toBe(true)
  expect((await watching({ type: 'silence', minutes: 46 }, 'quiet')).isOn).toBe(false)
})
