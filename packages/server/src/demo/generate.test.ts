import { SessionDocument } from '@clickwatch/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkerOf } from '../http/validation.ts'
import { origins, pages } from './catalogue.ts'
import { generate, generateLive } from './generate.ts'

const check = checkerOf<SessionDocument>(SessionDocument)
const dayMs = 86_400_000
const fromMs = Date.UTC(2026, 5, 1)
const plan = { seed: 1, sessions: 5000, fromMs, untilMs: fromMs + 90 * dayMs }
const traffic = [...generate(plan)]
const shareOf = (matches: (document: SessionDocument) => boolean) => traffic.filter(matches).length / traffic.length

describe('generated traffic', () => {
  it('is what the collector takes, in order of time and within its range, whatever the plan', () => {
    const plans = fc.record({
      seed: fc.nat(),
      sessions: fc.integer({ min: 0, max: 60 }),
      fromMs: fc.integer({ min: 0, max: 4e12 }),
      days: fc.integer({ min: 1, max: 400 }),
    })
    fc.assert(
      fc.property(plans, ({ days, ...rest }) => {
        const documents = [...generate({ ...rest, untilMs: rest.fromMs + days * dayMs })]
        expect(documents).toHaveLength(rest.sessions)
        expect(documents.map((document) => check(document)).filter(({ ok }) => !ok)).toEqual([])
        const times = documents.map(({ timestamp }) => Date.parse(timestamp))
        expect(times).toEqual(times.toSorted((left, right) => left - right))
        expect(times.every((time) => time > rest.fromMs - 1000 && time < rest.fromMs + days * dayMs)).toBe(true)
      }),
    )
  })

  it('is the same for the same seed and another for another', () => {
    expect([...generate({ ...plan, sessions: 50 })]).toEqual([...generate({ ...plan, sessions: 50 })])
    expect([...generate({ ...plan, sessions: 50, seed: 2 })]).not.toEqual([...generate({ ...plan, sessions: 50 })])
  })

  it('comes from its origins by their weight', () => {
    const all = origins.reduce((sum, { weight }) => sum + weight, 0)
    for (const { utm_source, weight } of origins) {
      expect(Math.abs(shareOf((document) => document.utm_source === utm_source) - weight / all)).toBeLessThan(0.025)
    }
  })

  it('has nights and weekends', () => {
    const german = traffic.filter(({ country }) => country === 'DE')
    const localHour = ({ timestamp }: SessionDocument) => (new Date(timestamp).getUTCHours() + 1) % 24
    const night = german.filter((document) => localHour(document) < 5).length
    const evening = german.filter((document) => localHour(document) >= 18 && localHour(document) < 23).length
    expect(evening).toBeGreaterThan(4 * night)
    expect(shareOf(({ timestamp }) => [0, 6].includes(new Date(timestamp).getUTCDay()))).toBeLessThan(0.22)
  })

  it('says of every visitor how often they have been here, and never has an address for a name', () => {
    const visits = new Map<string, number>()
    for (const { user_id, visit_count, is_returning_visitor } of traffic) {
      const visit = (visits.get(user_id) ?? 0) + 1
      visits.set(user_id, visit)
      expect(visit_count).toBe(visit)
      expect(is_returning_visitor).toBe(visit > 1)
      expect(user_id).toMatch(/^guest_[0-9a-f]{12}$/)
    }
    expect(visits.size / traffic.length).toBeLessThan(0.85)
  })

  it('tells a story: the newsletter converts best, the feed seldom, and the lower price wins', () => {
    const rate = (matches: (document: SessionDocument) => boolean) => {
      const chosen = traffic.filter(matches)
      return chosen.filter(({ conversion }) => conversion).length / chosen.length
    }
    const from = (source: string) => rate(({ utm_source }) => utm_source === source)
    expect(from('newsletter')).toBeGreaterThan(2 * from('google'))
    expect(from('google')).toBeGreaterThan(1.5 * from('instagram'))
    const [usual, low] = pages.map(({ page_url }) => rate((document) => document.page_url === page_url))
    expect(low).toBeGreaterThan(usual ?? 1)
    const all = rate(() => true)
    expect(all).toBeGreaterThan(0.03)
    expect(all).toBeLessThan(0.2)
  })

  it('bounces unless somebody did something', () => {
    for (const { bounce, events } of traffic) {
      const did = events?.some(({ event_type }) => ['click', 'submit', 'page_view'].includes(event_type))
      expect(bounce).toBe(!did)
    }
  })
})

it('live traffic has just ended', () => {
  const nowMs = Date.UTC(2026, 5, 1, 12)
  const live = generateLive(3, () => nowMs)
  for (let each = 0; each < 200; each++) {
    const document = live.next().value as SessionDocument
    expect(check(document).ok).toBe(true)
    const last = document.events?.at(-1)?.timestamp ?? document.timestamp
    expect(Date.parse(last)).toBe(nowMs)
    expect(Date.parse(document.timestamp)).toBeLessThanOrEqual(nowMs)
  }
})
