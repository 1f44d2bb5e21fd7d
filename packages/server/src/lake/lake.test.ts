import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delivery, openLakeFixture, pageView } from '../../../../test/fixtures/lake.ts'
import { events } from './tables.ts'

// More of it, and what takes longer, is in test/long/lake.test.ts and test/interop/lake.test.ts.

const noon = Date.UTC(2026, 5, 1, 12)
let lakes: Awaited<ReturnType<typeof openLakeFixture>>
beforeAll(async () => {
  lakes = await openLakeFixture()
})
afterAll(() => lakes.close())

describe('a lake', () => {
  it('has what the store has, of every table, whatever was there before it', async () => {
    const odd = pageView(noon, { props: { plan: 'pro "ü"' } })
    const ofShop = delivery('shop', 'anna', 's1', [pageView(noon), pageView(noon + 1000)])
    await lakes.storeBatch(0, ofShop, delivery('a.b-c_d', 'carl', 's3', [odd]))
    await lakes.withLake((lake) => lake.catchUp())
    expect(await lakes.differing()).toEqual([])
  })

  it('takes in what is new once, and writes the file anew that holds an event of which a late one has changed the visit', async () => {
    await lakes.storeBatch(1, delivery('shop', 'emil', '', [pageView(noon + 3_000_000)]))
    await lakes.withLake((lake) => lake.catchUp())
    await lakes.storeBatch(1, delivery('shop', 'emil', '', [pageView(noon + 2_400_000)], 'Bing'))
    await lakes.withLake((lake) => lake.catchUp())
    const overwrites = (await lakes.historyOf(events)).filter(
      ({ operationParameters }) => operationParameters?.mode === 'Overwrite',
    )
    expect(overwrites.map(({ operationMetrics }) => operationMetrics?.numRemovedFiles)).toEqual(['1'])
    expect(await lakes.differing()).toEqual([])
    expect(await lakes.store.query('SELECT * FROM clickwatch.lake_changes')).toEqual([])
  })
})
