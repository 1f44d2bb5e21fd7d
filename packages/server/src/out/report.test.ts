import type { Query, SiteViewAnswer } from '@clickwatch/contract'
import { describe, expect, it } from 'vitest'
import { changeText, composeReport, periodsBefore } from './report.ts'
import { isReportDue } from './schedule.ts'

const view = (timezone: string, weekStart = 1): SiteViewAnswer => ({
  site: 'shop',
  name: 'The <shop>',
  timezone,
  week_start: weekStart,
  currency: 'EUR',
})

describe('a report', () => {
  it.each([
    ['day', '2026-03-01', 1, ['2026-02-28', '2026-02-28'], ['2026-02-27', '2026-02-27']],
    // 2026-03-04 is a Wednesday.
    ['week', '2026-03-04', 1, ['2026-02-23', '2026-03-01'], ['2026-02-16', '2026-02-22']],
    ['week', '2026-03-02', 1, ['2026-02-23', '2026-03-01'], ['2026-02-16', '2026-02-22']],
    ['week', '2026-03-04', 7, ['2026-02-22', '2026-02-28'], ['2026-02-15', '2026-02-21']],
    ['month', '2026-03-31', 1, ['2026-02-01', '2026-02-28'], ['2026-01-01', '2026-01-31']],
    ['month', '2026-01-01', 1, ['2025-12-01', '2025-12-31'], ['2025-11-01', '2025-11-30']],
  ] as const)('of a %s on %s, weeks from day %i, tells of %j beside %j', (every, today, weekStart, of, before) => {
    expect(periodsBefore(every, today, weekStart)).toEqual({ of, before })
  })

  it('says how much a number changed, a rate in points', () => {
    expect(changeText(150, 100, '')).toBe('+50%')
    expect(changeText(90, 100, '')).toBe('-10%')
    expect(changeText(42.5, 40, '%')).toBe('+2.5 points')
    expect([changeText(5, 0, ''), changeText(null, 3, 's')]).toEqual(['', ''])
  })

  it('has its numbers, and nothing that a name of a page could do', async () => {
    const asked: Query[] = []
    const ask = async (query: Query) => {
      asked.push(query)
      const isBefore = query.date_range[1] === '2026-02-27'
      const results = query.dimensions
        ? [{ dimensions: ['<script>alert(1)</script>'], metrics: [3] }]
        : [{ dimensions: [], metrics: isBefore ? [10, 20, 30, 50, 60] : [20, 20, 15, 40, 75] }]
      return { results, meta: { timezone: 'UTC', from: '', to: '' }, query }
    }
    const report = { name: 'Daily', every: 'day' as const, target: { type: 'email' as const, to: ['a@b.example'] } }
    const nowMs = Date.parse('2026-03-01T08:00:00Z')
    const filters: Query['filters'] = [['is', 'visit:country', ['AT']]]
    const message = await composeReport({ ...report, filters }, view('UTC'), { ask, nowMs })
    expect(message.subject).toBe('The <shop>: 20 visitors yesterday')
    expect(message.lines).toContain('Visitors: 20 (+100%)')
    expect(message.lines).toContain('Bounce rate: 40% (-10 points)')
    expect(message.lines).toContain('Visit duration: 1m 15s (+25%)')
    expect(message.html).not.toMatch(/<script|<shop/)
    expect(message.facts).toMatchObject({
      metrics: { visitors: { value: 20, before: 10 } },
      period: { from: '2026-02-28' },
    })
    expect(asked.every((query) => query.site_id === 'shop' && query.filters === filters)).toBe(true)
  })
})

describe('a report is due', () => {
  const at = (text: string) => Date.parse(text)
  const made = { created_at: '2026-03-01T00:00:00.000Z', last_sent_at: null, last_error: null }

  it("at its hour of the site's clock, in summer too", () => {
    const daily = { ...made, every: 'day' as const, hour: 8 }
    const vienna = view('Europe/Vienna')
    const sent = { ...daily, last_sent_at: '2026-03-28T07:00:01.000Z' }
    // The clocks went forward in the night.
    expect(isReportDue(sent, vienna, at('2026-03-29T05:59:59Z'))).toBe(false)
    expect(isReportDue(sent, vienna, at('2026-03-29T06:00:00Z'))).toBe(true)
    expect(isReportDue({ ...sent, last_sent_at: '2026-03-29T06:00:01.000Z' }, vienna, at('2026-03-29T23:00:00Z'))).toBe(
      false,
    )
  })

  it('on the day that the week or the month begins', () => {
    const weekly = { ...made, every: 'week' as const }
    expect(isReportDue(weekly, view('UTC', 7), at('2026-03-07T23:59:00Z'))).toBe(true)
    const monthly = { ...made, every: 'month' as const, hour: 0, created_at: '2026-03-01T00:00:00.001Z' }
    expect(isReportDue(monthly, view('UTC'), at('2026-03-31T23:59:00Z'))).toBe(false)
    expect(isReportDue(monthly, view('UTC'), at('2026-04-01T00:00:00Z'))).toBe(true)
  })

  it('also when the server stood still, and not for what was before it was made', () => {
    const weekly = { ...made, every: 'week' as const, created_at: '2026-03-04T12:00:00.000Z' }
    expect(isReportDue(weekly, view('UTC'), at('2026-03-04T12:01:00Z'))).toBe(false)
    expect(isReportDue(weekly, view('UTC'), at('2026-03-11T03:00:00Z'))).toBe(true)
  })
})
