import { describe, expect, it } from 'vitest'
import { retentionIn } from '../metadata/sites.ts'
import { type Kept, keptAfter, wholeFromMs } from './kept.ts'

const day = 86_400_000
const noon = Date.UTC(2026, 5, 30, 12)
const date = (timeMs: number | undefined) => timeMs && new Date(timeMs).toISOString().slice(0, 10)
const silver = (days: Record<string, number>) =>
  retentionIn(Object.fromEntries(Object.entries(days).map(([site, kept]) => [site, { keep_days: { silver: kept } }])))
const isWholeFrom = (retention: ReturnType<typeof silver>, kept: readonly Kept[], site = 'shop', nowMs = noon) =>
  date(wholeFromMs(retention, kept, 'silver', site, nowMs))

describe('what a layer holds of a site', () => {
  it('is whole from the first day of which nothing has gone', () => {
    expect(isWholeFrom(silver({ '*': 10 }), [])).toBe('2026-06-21')
    // What goes within the hour is as good as gone.
    expect(isWholeFrom(silver({ '*': 10 }), [], 'shop', Date.UTC(2026, 5, 30, 23, 30))).toBe('2026-06-22')
    expect(isWholeFrom(silver({ other: 10 }), [])).toBeUndefined()
    expect(isWholeFrom(silver({}), [])).toBeUndefined()
  })

  it('does not come back when it is to be kept for longer', () => {
    const kept = keptAfter(keptAfter([], silver({ '*': 10 }), noon - 50 * day), silver({ '*': 90 }), noon)
    expect(isWholeFrom(silver({ '*': 90 }), kept)).toBe('2026-06-21')
    // Nor for good, nor told again; and once as many days are over, the days alone say it.
    const again = keptAfter(keptAfter(kept, silver({}), noon), silver({}), noon + day)
    expect(isWholeFrom(silver({}), again)).toBe('2026-06-21')
    expect(isWholeFrom(silver({ '*': 90 }), kept, 'shop', noon + 100 * day)).toBe('2026-07-11')
  })

  it('is of each site by itself, and of a site that is named as of all others before', () => {
    const kept = keptAfter(keptAfter([], silver({ '*': 10, blog: 20 }), noon), silver({ blog: 20, shop: 90 }), noon)
    expect(isWholeFrom(silver({ blog: 20, shop: 90 }), kept)).toBe('2026-06-21')
    expect(isWholeFrom(silver({ blog: 20, shop: 90 }), kept, 'blog')).toBe('2026-06-21')
    expect(kept.find(({ layer, site }) => layer === 'silver' && site === 'blog')?.days).toBe(20)
    expect(kept.filter(({ layer }) => layer !== 'silver').every((each) => each.wholeFromMs === 0)).toBe(true)
  })
})
