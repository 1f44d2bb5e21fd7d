import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leasedWriter } from '../../packages/server/src/lake/leased-writer.ts'
import { WriterLost } from '../../packages/server/src/lake/writer.ts'
import { type Metadata, openMetadata } from '../../packages/server/src/metadata/database.ts'
import { type Leases, leaseMs, openLeases } from '../../packages/server/src/metadata/leases.ts'
import { sharedSalts } from '../../packages/server/src/metadata/salts.ts'
import { openShared, type Shared } from '../../packages/server/src/metadata/shared.ts'
import { allPartitions, leasedShare } from '../../packages/server/src/pipeline/leased-share.ts'
import { Pipeline } from '../../packages/server/src/pipeline/pipeline.ts'
import type { Plan } from '../../packages/server/src/pipeline/positions.ts'
import { areNoted, openSharedPositions } from '../../packages/server/src/pipeline/positions-postgres.ts'
import { PartitionLost } from '../../packages/server/src/pipeline/share.ts'
import { exclusively, isCutOff, turnsOfAll } from '../../packages/server/src/pipeline/standstill.ts'
import { type Check, verify } from '../../packages/server/src/pipeline/verify.ts'
import { openEmbeddedStore } from '../../packages/server/src/store/embedded.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import { encodeDocument, type StreamDocument } from '../../packages/server/src/stream/document.ts'
import { openEmbeddedReader, openEmbeddedWriter } from '../../packages/server/src/stream/embedded.ts'
import type { StreamWriter } from '../../packages/server/src/stream/stream.ts'
import { eventually, temporaryFolder } from '../fixtures/clickwatch.ts'
import { type Postgres, startPostgres } from '../fixtures/postgres.ts'

// How the processes of a cluster agree, in PostgreSQL: who works on what, how far it is, and what their ids are made of.

const logger = pino({ level: 'silent' })
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.dispose())

let metadata: Metadata
let shared: Shared
const opened: Leases[] = []
const leasesOfProcess = (): Leases => {
  const leases = openLeases(shared, logger)
  opened.push(leases)
  return leases
}
beforeEach(async () => {
  metadata = await openMetadata({ folder: '', url: await postgres.newDatabase(), onLost: () => undefined })
  shared = await openShared(metadata)
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((leases) => leases.close()))
  await metadata.destroy()
})

describe('a lease', () => {
  it('is of one at a time, is kept for as long as its owner lives, and rises in its epoch with each that takes it', async () => {
    const [one, other] = [leasesOfProcess(), leasesOfProcess()]
    expect(await one.take('work')).toBe(1)
    expect(await other.take('work')).toBeUndefined()
    expect(await other.raise('work', 4)).toBeUndefined()
    expect(await one.raise('work', 4)).toBe(5)
    await sleep(leaseMs + 500)
    expect(one.has('work')).toBe(5)
    expect(await other.take('work')).toBeUndefined()
    await one.release('work')
    expect(one.has('work')).toBeUndefined()
    expect(await other.take('work')).toBe(6)
  })

  it('whose owner is heard of no more is lost to both in time: to the owner first', async () => {
    const [dead, other] = [leasesOfProcess(), leasesOfProcess()]
    await dead.take('work')
    dead.abandon('work')
    expect(dead.has('work')).toBeUndefined()
    expect((await other.all()).filter(({ isOver }) => isOver)).toEqual([])
    const epoch = await eventually('the lease to be free', () => other.take('work'))
    expect(epoch).toBe(2)
  })
})

describe('how far a partition is', () => {
  const plan = (nextOffset: number): Plan => ({
    nextOffset,
    place: { offset: nextOffset + 100, seen: { run: nextOffset } },
    inserts: [{ table: 'silver.events', token: `0:${nextOffset}`, rows: Buffer.from('{"a":1}') }],
  })

  it('is known to whoever takes it over, with the batch that was begun', async () => {
    const [one, other] = [await openSharedPositions(shared, 'kafka/a'), await openSharedPositions(shared, 'kafka/a')]
    await one.take(0, 1)
    await one.begin(0, plan(10))
    await one.finish(0, plan(10))
    await one.begin(0, plan(25))
    expect(await other.reached(2)).toEqual([
      { next: 10, nextBegun: 25, place: { offset: 110, seen: { run: 10 } } },
      { next: 0, nextBegun: 0, place: { offset: 0, seen: {} } },
    ])
    await other.take(0, 2)
    expect(other.next(0)).toBe(10)
    expect(other.begun(0)).toEqual(plan(25))
    await other.finish(0, plan(25))
    expect(other.place(0)).toEqual(plan(25).place)
    expect(other.begun(0)).toBeUndefined()
  })

  it('is written no more by whoever lost it', async () => {
    const [paused, other] = [await openSharedPositions(shared, 's'), await openSharedPositions(shared, 's')]
    await paused.take(0, 1)
    await other.take(0, 2)
    await other.begin(0, plan(5))
    await expect(paused.begin(0, plan(7))).rejects.toThrow(PartitionLost)
    await expect(paused.finish(0, plan(7))).rejects.toThrow(PartitionLost)
    await expect(paused.take(0, 1)).rejects.toThrow(PartitionLost)
    expect((await other.reached(1))[0]).toMatchObject({ next: 0, nextBegun: 5 })
  })

  it('is taken and finished again where noting for the lake fails, as if it had not been tried', async () => {
    const without = await openSharedPositions(shared, 's')
    await without.take(0, 1)
    await without.begin(0, plan(5))
    let failures = 2
    const noted: number[] = []
    const everything = async () => {
      if (failures-- > 0) throw new Error('a node is away')
      noted.push(failures)
    }
    const elsewhere = await openSharedPositions(shared, 't', { everything })
    await elsewhere.take(0, 2)
    const begun = elsewhere.begun(0) ?? plan(0)
    await expect(elsewhere.finish(0, begun)).rejects.toThrow('a node is away')
    await expect(elsewhere.finish(0, begun)).rejects.toThrow('a node is away')
    await elsewhere.finish(0, begun)
    // The batch was one of the other stream, however often it was finished.
    expect([elsewhere.next(0), elsewhere.place(0).offset, noted.length]).toEqual([5, 0, 1])

    await without.take(0, 3)
    await without.begin(0, plan(7))
    await without.finish(0, plan(7))
    failures = 1
    const later = await openSharedPositions(shared, 't', { everything })
    await expect(later.take(0, 4)).rejects.toThrow('a node is away')
    await later.take(0, 4)
    expect([later.next(0), noted.length]).toEqual([7, 2])
  })

  it('is counted on from stream to stream, and each stream goes on where it was left', async () => {
    const first = await openSharedPositions(shared, 'kafka/a')
    await first.keepPartitions(3)
    await first.take(0, 1)
    await first.finish(0, plan(10))
    await first.begin(0, plan(12))
    const second = await openSharedPositions(shared, 'kafka/b')
    expect(second.partitions).toBe(0)
    await second.take(0, 2)
    // What was begun was begun of the other stream.
    await second.finish(0, second.begun(0) ?? plan(0))
    expect([second.next(0), second.place(0).offset]).toEqual([12, 0])
    await second.finish(0, { nextOffset: 13, place: { offset: 1, seen: {} } })
    const back = await openSharedPositions(shared, 'kafka/a')
    expect(back.partitions).toBe(3)
    await back.take(0, 3)
    expect([back.next(0), back.place(0).offset]).toEqual([13, 112])
  })
})

describe('what a batch has changed', () => {
  const plan: Plan = { nextOffset: 3, place: { offset: 3, seen: {} }, inserts: [] }
  const withLake = async () => {
    let notes = 0
    const everything = async (): Promise<void> => {
      notes++
    }
    return { positions: await openSharedPositions(shared, 'kafka:web', { everything }), notes: () => notes }
  }

  it('is noted as anything, once, where a pipeline that knew of no lake has stored it', async () => {
    const before = await openSharedPositions(shared, 'kafka:web')
    await before.take(0, 1)
    await before.begin(0, plan)
    expect(await areNoted(shared)).toBe(false)
    const one = await withLake()
    await one.positions.take(0, 2)
    // The batch that was begun is not stored yet.
    expect(one.notes()).toBe(0)
    await one.positions.finish(0, plan)
    await one.positions.begin(0, { ...plan, nextOffset: 4 })
    await one.positions.finish(0, { ...plan, nextOffset: 4 })
    expect([one.notes(), await areNoted(shared)]).toEqual([1, true])
    const other = await withLake()
    await other.positions.take(0, 3)
    expect(other.notes()).toBe(0)
    const without = await openSharedPositions(shared, 'kafka:web')
    await without.take(0, 4)
    await without.begin(0, { ...plan, nextOffset: 5 })
    await without.finish(0, { ...plan, nextOffset: 5 })
    const again = await withLake()
    await again.positions.take(0, 5)
    expect(again.notes()).toBe(1)
  })

  it('is noted from the first batch on where there was a lake before it', async () => {
    const { positions, notes } = await withLake()
    await positions.take(0, 1)
    expect([notes(), await areNoted(shared)]).toEqual([0, true])
  })
})

describe('the lake of several processes', () => {
  const state = { failure: undefined, caughtUpAtMs: 7, at: [3, 4], tables: [] }

  it('is written by one of them, which makes room for one that is asked for something, and tells the others how it is', async () => {
    const [leases, otherLeases] = [leasesOfProcess(), leasesOfProcess()]
    const [one, other] = [leasedWriter(leases, shared), leasedWriter(otherLeases, shared)]
    expect([await one.take(false), await other.take(false)]).toEqual([true, false])
    expect([one.isMine(), one.epoch(), other.isMine(), other.epoch()]).toEqual([true, 1, false, undefined])
    expect(await other.told()).toBeUndefined()
    await one.tell(state)
    expect(await other.told()).toMatchObject({ caughtUpAtMs: 7, at: [3, 4] })
    const asked = other.take(true)
    await eventually('the one to be told', async () => (one.isWanted() ? true : undefined))
    // It ends what it is at, and does not begin again.
    expect(await one.take(false)).toBe(false)
    expect(await asked).toBe(true)
    expect([one.isMine(), other.epoch()]).toEqual([false, 2])
    expect(await one.take(false)).toBe(false)
    await other.close()
    expect([await one.take(false), one.epoch()]).toEqual([true, 3])
    // The lake may have been written by epochs of a database that is no more.
    await expect(other.raise(9)).rejects.toThrow(WriterLost)
    await one.raise(9)
    expect([one.isMine(), one.epoch()]).toEqual([true, 10])
    await one.close()
  })
})

describe('the salt of a day', () => {
  it('is the same for all, known before the day begins, and thrown away after it', async () => {
    let nowMs = Date.UTC(2026, 5, 1, 23, 59)
    const now = () => nowMs
    const [one, other] = [await sharedSalts(shared, logger, now), await sharedSalts(shared, logger, now)]
    const [today, tomorrow] = [one.of('2026-06-01'), one.of('2026-06-02')]
    expect([other.of('2026-06-01'), other.of('2026-06-02')]).toEqual([today, tomorrow])
    expect(tomorrow).not.toBe(today)
    await Promise.all([one.close(), other.close()])
    nowMs += 3_600_000
    const later = await sharedSalts(shared, logger, now)
    expect(later.of('2026-06-02')).toBe(tomorrow)
    expect(later.of('2026-06-01')).not.toBe(today)
    await later.close()
    const kept = await shared.selectFrom('salts').select('day').orderBy('day').execute()
    expect(kept.map(({ day }) => day)).toEqual(['2026-06-02', '2026-06-03'])
  })
})

describe('pipelines that share a stream', () => {
  const partitions = 4
  let folder: string
  let store: Store
  let writer: StreamWriter
  beforeEach(async () => {
    folder = temporaryFolder()
    store = openEmbeddedStore(join(folder, 'store'))
    await migrate(store, async () => undefined)
    writer = await openEmbeddedWriter(join(folder, 'stream'), partitions)
    events = 0
  })
  afterEach(async () => {
    await Promise.all([store.close(), writer.close()])
    rmSync(folder, { recursive: true })
  })

  const rulesOf = () => ({ inactivityMs: 1_800_000, campaignBegins: false, trustsTracker: true })
  const startPipeline = async (through: Store = store) => {
    const leases = leasesOfProcess()
    const stream = openEmbeddedReader(join(folder, 'stream'))
    const batches: number[] = []
    const pipeline = new Pipeline({
      stream,
      positions: await openSharedPositions(shared, 'embedded'),
      store: through,
      rulesOf,
      share: leasedShare(leases, partitions, logger),
      logger,
      onStored: ({ partition }) => batches.push(partition),
    })
    await pipeline.start()
    const works = () => [...pipeline.lags.keys()].sort()
    const stop = async () => {
      await pipeline.stop()
      await stream.close()
    }
    return { pipeline, works, batches, leases, stop }
  }

  const agent = { browser: 'Firefox', browser_version: '1', os: 'Linux', os_version: '', device: 'desktop' }
  const acquisition = {
    ...{ referrer: '', source: 'Direct', channel: '', utm_source: '', utm_medium: '', utm_campaign: '' },
    ...{ utm_term: '', utm_content: '', click_id_name: '', click_id: '' },
  }
  const firstMs = Date.UTC(2026, 5, 1, 12)
  let events = 0
  /** One more page view of each of some visitors, a minute after the last. */
  const visit = async (visitors: number, minute: number) => {
    const appended = Array.from({ length: visitors }, (_, index) => {
      const at = firstMs + minute * 60_000
      const visitor = `visitor ${index}`
      const document: StreamDocument = {
        ...{ kind: 'tracker', site: 'shop', received_at: at, visitor_id: visitor, session_id: '', user_id: '' },
        ...{ agent, place: { country: '', region: '', city: '' }, acquisition, excluded: '', ignored_fields: 0 },
        document: {
          sent_at: at,
          events: [{ id: `${visitor}/${minute}`, type: 'page_view', time: at, url: 'https://shop.example/' }],
        },
      } as StreamDocument
      events++
      return writer.append(`shop/${visitor}`, encodeDocument(document))
    })
    await Promise.all(appended)
  }
  const stored = async () => {
    const [row] = await store.query<{ events: number }>('SELECT sum(sign) AS events FROM silver.events')
    return row?.events ?? 0
  }
  const allStored = () =>
    eventually(`${events} events`, async () => ((await stored()) >= events ? true : undefined), 60_000)
  const differing = async () => {
    const checks: Check[] = []
    const positions = await openSharedPositions(shared, 'embedded')
    await verify({ store, positions, partitions, onCheck: (check) => checks.push(check) })
    return checks.filter(({ found, expected }) => found !== expected)
  }

  it('have a fair part of it each, whoever comes and goes, and visits that go on from one to another stay one', async () => {
    const one = await startPipeline()
    await eventually('all of it', async () => (one.works().length === partitions ? true : undefined))
    await visit(40, 0)
    await allStored()
    const other = await startPipeline()
    await visit(40, 1)
    await eventually('half each', async () =>
      one.works().length === 2 && other.works().length === 2 ? true : undefined,
    )
    await visit(40, 2)
    await allStored()
    expect([...one.works(), ...other.works()].sort()).toEqual([0, 1, 2, 3])
    await one.stop()
    await visit(40, 3)
    await eventually('the rest', async () => (other.works().length === partitions ? true : undefined))
    await visit(40, 4)
    await allStored()
    await other.stop()
    expect(new Set(other.batches).size).toBe(partitions)
    const [visits] = await store.query(
      'SELECT sum(sign) AS visits, sum(sign * pageviews) AS pages FROM silver.sessions',
    )
    expect(visits).toEqual({ visits: 40, pages: 200 })
    expect(await differing()).toEqual([])
  })

  it('end what one of them began that is heard of no more, and it stores nothing more when it wakes', async () => {
    // It gets as far as its third insert and then takes as long as if it had been paused, whatever else it was about to insert.
    const waking = Promise.withResolvers<void>()
    let [passed, isPaused, isAwake] = [0, false, false]
    const pausing: Store = {
      ...store,
      async insert(table, rows, token) {
        if (passed === 2 && !isAwake) {
          for (const { name } of await paused.leases.all()) paused.leases.abandon(name)
          isPaused = true
          await waking.promise
        } else passed++
        await store.insert(table, rows, token)
      },
    }
    const paused = await startPipeline(pausing)
    await eventually('all of it', async () => (paused.works().length === partitions ? true : undefined))
    await visit(40, 0)
    await eventually('the pause', async () => (isPaused ? true : undefined))
    const other = await startPipeline()
    await allStored()
    await visit(40, 1)
    await allStored()
    const passedAsleep = passed
    isAwake = true
    waking.resolve()
    await eventually('it to notice', async () => (paused.works().length < partitions ? true : undefined))
    await visit(40, 2)
    await allStored()
    await Promise.all([paused.stop(), other.stop()])
    expect(await stored()).toBe(120)
    expect(await differing()).toEqual([])
    expect(passedAsleep).toBe(2)
  })

  it('stand still for an operation, and go on after it', async () => {
    const [one, other] = [await startPipeline(), await startPipeline()]
    await visit(40, 0)
    await allStored()
    const leases = leasesOfProcess()
    const share = allPartitions(leases, partitions)
    const idle = new Pipeline({
      stream: { ...openEmbeddedReader(join(folder, 'stream')), read: () => [] },
      positions: await openSharedPositions(shared, 'embedded'),
      ...{ store, rulesOf, share, logger, onStored: () => undefined },
    })
    const turns = turnsOfAll(share, idle)
    await exclusively(leases, () =>
      turns.between(async () => {
        expect([one.works(), other.works()]).toEqual([[], []])
        await expect(exclusively(leasesOfProcess(), async () => undefined)).rejects.toMatchObject({ code: 'busy' })
        await visit(40, 1)
        await sleep(1500)
        expect(await stored()).toBe(40)
      }),
    )
    await allStored()
    await Promise.all([one.stop(), other.stop()])
    expect(await differing()).toEqual([])
  })

  it('stand still after an operation that was cut off, until it is put in order', async () => {
    const one = await startPipeline()
    await eventually('all of it', async () => (one.works().length === partitions ? true : undefined))
    const cut = leasesOfProcess()
    const share = allPartitions(cut, partitions)
    const idle = new Pipeline({
      stream: { ...openEmbeddedReader(join(folder, 'stream')), read: () => [] },
      positions: await openSharedPositions(shared, 'embedded'),
      ...{ store, rulesOf, share, logger, onStored: () => undefined },
    })
    const failing = turnsOfAll(share, idle).between(() => Promise.reject(new Error('ClickHouse is away')))
    await expect(exclusively(cut, () => failing)).rejects.toThrow('ClickHouse is away')
    await visit(40, 0)
    await sleep(2000)
    expect(await stored()).toBe(0)
    expect(await isCutOff(cut)).toBe(false)
    // Its time over, as it would be in a minute.
    await shared
      .updateTable('leases')
      .set({ until: new Date(0) })
      .where('name', 'in', ['operation', 'standstill'])
      .execute()
    const mending = leasesOfProcess()
    expect(await isCutOff(mending)).toBe(true)
    const all = allPartitions(mending, partitions)
    const mender = new Pipeline({
      stream: { ...openEmbeddedReader(join(folder, 'stream')), read: () => [] },
      positions: await openSharedPositions(shared, 'embedded'),
      ...{ store, rulesOf, share: all, logger, onStored: () => undefined },
    })
    await exclusively(mending, () => turnsOfAll(all, mender).between(async () => undefined))
    expect(await isCutOff(mending)).toBe(false)
    await allStored()
    await one.stop()
  })
})
