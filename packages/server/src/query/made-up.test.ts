import type { Query } from '@clickwatch/contract'
import { describe, expect, it } from 'vitest'
import { type Beyond, beyondSums, madeUpDays, warningOf } from './made-up.ts'
import type { Context } from './scope.ts'

const context: Context = {
  ...{ timeZone: 'UTC', nowMs: 0, weekStart: 1, currency: '', firstDate: undefined, goals: [] },
  segments: [
    { id: 'germans', name: 'Germans', filters: [['is', 'visit:country', ['DE']]], created_at: '2026-01-01T00:00:00Z' },
  ],
}
const asks = (query: Partial<Query>) => beyondSums({ metrics: ['visitors'], date_range: '30d', ...query }, context)

describe('a question about imported sums', () => {
  it.each([
    ['the whole', {}],
    ['one of what sums tell apart, by day', { dimensions: ['time:day', 'visit:browser'] }],
    ['words of one table', { dimensions: ['visit:utm_campaign'], filters: [['is', 'visit:source', ['Google']]] }],
  ] satisfies [string, Partial<Query>][])('is answered as they were where it is about %s', (_what, query) => {
    expect(asks(query)).toBeUndefined()
  })

  it.each([
    ['two dimensions', { dimensions: ['visit:browser', 'visit:os'] }, 'together'],
    [
      'a filter deep down',
      { dimensions: ['event:page'], filters: [['or', [['not', ['is', 'visit:device', ['tv']]]]]] },
      'together',
    ],
    ['a segment', { dimensions: ['event:page'], filters: [['is', 'segment', ['germans']]] }, 'together'],
    ['hours', { dimensions: ['time:hour'] }, 'hours'],
  ] satisfies [string, Partial<Query>, Beyond][])(
    'is answered by what was made up where it has %s',
    (_what, query, beyond) => {
      expect(asks(query)).toBe(beyond)
    },
  )

  it('is warned of within their days alone, and looked up once a minute', async () => {
    let looks = 0
    const store = {
      query: async <Row>(): Promise<Row[]> => {
        looks++
        return [{ first: '2024-03-01', last: '2024-03-31', visits: 9 }] as Row[]
      },
    }
    const daysOf = madeUpDays(store)
    const warned = async (from: string, to: string) =>
      warningOf('together', await daysOf('shop'), { from, to }) !== undefined
    expect(await warned('2024-03-31', '2024-04-02')).toBe(true)
    expect(await warned('2024-04-01 00:00:00', '2024-04-02 00:00:00')).toBe(false)
    expect(await warned('2024-02-01', '2024-03-01')).toBe(false)
    expect(looks).toBe(1)
    expect(warningOf('hours', undefined, { from: '2024-03-01', to: '2024-03-02' })).toBeUndefined()
  })
})
