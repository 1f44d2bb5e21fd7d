import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventKey } from './history.ts'
import { type Origin, originOf, type Place, type SessionRow } from './session.ts'
import { inOrder, type Moment } from './sessionize.ts'
import type { Fact, Visit } from './visit.ts'
import {
  type Advanced,
  type Arrived,
  advance,
  type KnownFact,
  type KnownVisitor,
  knownVisitor,
  nobody,
} from './visitor.ts'

const minute = 60_000
const rules = { inactivityMs: 30 * minute, campaignBegins: true, trustsTracker: true }
const whose = { site: 'shop', visitorId: 'v1' }

const arrivedOf = (moment: Moment, offset: number): Arrived => {
  const { campaign } = moment
  const acquisition = {
    referrer: '',
    source: campaign,
    channel: '',
    utm_source: campaign,
    utm_medium: '',
    utm_campaign: '',
  }
  const advert = { utm_term: '', utm_content: '', click_id_name: '', click_id: '' }
  const fact = {
    ...moment,
    path: `/${moment.eventId}`,
    isInteraction: moment.type === 'click',
    isConversion: false,
    engagedMs: 1,
    scrollDepth: 0,
  }
  const visit: Visit = {
    ...whose,
    sessionId: moment.namedSession,
    userId: '',
    receivedAtMs: 0,
    agent: { browser: '', browser_version: '', os: '', os_version: '', device: '' },
    acquisition: { ...acquisition, ...advert },
    screen: '',
    language: '',
    layout: { viewportWidth: 0, pageHeight: 0 },
    place: { country: '', region: '', city: '' },
    facts: [],
    isFinished: false,
    reported: undefined,
  }
  return {
    fact: fact as unknown as Fact,
    visit,
    record: { partition: 0, offset, enqueuedAtMs: 0, value: Buffer.alloc(0) },
  }
}

/** What is expected of a visit, by what docs/metrics.md says of it. */
const visitSaid = (moments: readonly Moment[], index: number) => {
  const pages = moments.filter(({ type }) => type === 'page_view')
  const [start, end] = [moments[0]?.timeMs ?? 0, moments.at(-1)?.timeMs ?? 0]
  return {
    ids: moments.map(({ eventId }) => eventId).sort(),
    ...{ start, end, duration_s: (end - start) / 1000, pageviews: pages.length },
    events: moments.filter(({ type }) => type !== 'engagement').length,
    engaged_ms: moments.length,
    is_bounce: pages.length < 2 && !moments.some(({ type }) => type === 'click'),
    entry_page: pages[0] ? `/${pages[0].eventId}` : '',
    exit_page: pages.length > 0 ? `/${pages.at(-1)?.eventId}` : '',
    ...{ visit_number: index + 1, is_returning: index > 0 },
  }
}

/** By the definition and nothing else: walks through everything in order. */
const reference = (moments: readonly Moment[], campaignBegins: boolean) => {
  const unique = [...new Map(moments.map((moment) => [`${moment.namedSession}/${moment.eventId}`, moment])).values()]
  const visits: { named: string; campaign: string; moments: Moment[]; last: number }[] = []
  let current: (typeof visits)[number] | undefined
  for (const moment of unique.sort(inOrder)) {
    let visit = visits.find(({ named }) => named !== '' && named === moment.namedSession)
    if (!visit && moment.namedSession === '' && current) {
      const silence = moment.timeMs - current.last
      const isTold = moment.type === 'engagement'
      const isOther = campaignBegins && !isTold && moment.campaign !== '' && moment.campaign !== current.campaign
      if (silence <= (isTold ? 24 * 60 : 30) * minute && !isOther) visit = current
    }
    if (!visit) {
      visit = { named: moment.namedSession, campaign: moment.campaign, moments: [], last: 0 }
      visits.push(visit)
    }
    visit.moments.push(moment)
    visit.last = moment.timeMs
    current = visit
  }
  return visits.map((visit, index) => visitSaid(visit.moments, index))
}

const visitsOf = ({ facts, sessions }: KnownVisitor) =>
  [...sessions.values()]
    .map(({ session_id, ...row }) => {
      const { start, end, duration_s, pageviews, events, engaged_ms } = row
      const { is_bounce, entry_page, exit_page, visit_number, is_returning } = row
      const ids = facts.all.filter(({ sessionId }) => sessionId === session_id).map(({ eventId }) => eventId)
      const counts = { start, end, duration_s, pageviews, events, engaged_ms }
      return { ids: ids.sort(), ...counts, is_bounce, entry_page, exit_page, visit_number, is_returning }
    })
    .sort((left, right) => left.visit_number - right.visit_number)

type StoredEvent = KnownFact & { source: string; isReturning: boolean }

/** What an event says of its visit. */
const saidOf = ({ session_id, source, is_returning }: SessionRow) => ({
  ...{ sessionId: session_id, source, isReturning: is_returning },
})

/** What the store would hold: rows of visits by sign and version, and events with what they say of their visit. */
const emptyStore = () => {
  const visits = new Map<string, SessionRow>()
  const events = new Map<string, StoredEvent>()
  const rowKey = (row: SessionRow): string => `${row.session_id}#${row.version}`
  return {
    visits,
    events,
    store({ visitor, placed, before, after, moved }: Advanced) {
      for (const row of before) expect(visits.delete(rowKey(row))).toBe(true)
      for (const row of after) {
        expect(visits.has(rowKey(row))).toBe(false)
        visits.set(rowKey(row), row)
      }
      const known = new Map(visitor.facts.all.map((fact) => [eventKey(fact.namedSession, fact.eventId), fact]))
      for (const { fact, visit, session } of placed) {
        const key = eventKey(visit.sessionId, fact.eventId)
        const stored = known.get(key)
        expect(events.has(key)).toBe(false)
        if (stored) events.set(key, { ...stored, ...saidOf(session) })
      }
      for (const [key, { session }] of moved) {
        const stored = events.get(key)
        expect(stored).toBeDefined()
        if (stored) events.set(key, { ...stored, ...saidOf(session) })
      }
    },
    /** What a pipeline that remembers nothing reads of it. */
    read(): KnownVisitor {
      const rows = [...visits.values()].sort((left, right) => left.start - right.start)
      const facts = [...events.values()].map(({ source: _, isReturning: __, ...fact }) => fact)
      return knownVisitor(nobody.sinceMs, 0, new Map(rows.map((row) => [row.session_id, row])), facts)
    },
  }
}

/** Visits less what depends on the way they came: which record was the last to tell of one, and how often it was amended. */
const plain = (rows: Iterable<SessionRow>) =>
  [...rows]
    .map(({ stream_offset, stream_partition, version, ...row }) => row)
    .sort((left, right) => left.visit_number - right.visit_number)

const drafts = fc.array(
  fc.record({
    minutes: fc.nat(300),
    type: fc.constantFrom('page_view', 'click', 'engagement'),
    named: fc.constantFrom('', '', '', 'a', 'b'),
    campaign: fc.constantFrom('', '', 'x', 'y'),
  }),
  { minLength: 1, maxLength: 25 },
)
type Draft = { minutes: number; type: string; named: string; campaign: string }
const momentsOf = (given: readonly Draft[]): Moment[] =>
  given.map(({ minutes, type, named, campaign }, index) => ({
    eventId: `e${index}`,
    timeMs: 1e12 + minutes * minute,
    seq: 0,
    type,
    namedSession: named,
    campaign: type === 'page_view' ? campaign : '',
  }))

/** Some deliveries as they come in: late by up to `lateness` places of the order in which they happened, some twice. */
const arrive = (moments: readonly Moment[], chance: readonly number[], lateness: number): Moment[] =>
  [...moments.toSorted(inOrder).entries(), ...[...moments.entries()].filter(([index]) => index % 3 === 0)]
    .map(([place, moment], index) => ({ moment, at: place + ((chance[index] ?? 0) % (lateness + 1)) }))
    .sort((left, right) => left.at - right.at)
    .map(({ moment }) => moment)

it('comes to the same visits whatever the order of arrival, the repeats, the splits into batches, the restarts and the batches done again', () => {
  const chances = fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 60 })
  const ways = fc.record({
    size: fc.integer({ min: 1, max: 9 }),
    lateness: fc.constantFrom(0, 1, 3, 60),
    campaignBegins: fc.boolean(),
    // Of so many batches one is lost after it was computed, or the memory is.
    lost: fc.integer({ min: 2, max: 9 }),
    forgotten: fc.integer({ min: 2, max: 9 }),
  })
  fc.assert(
    fc.property(drafts, chances, ways, (given, chance, { size, lateness, campaignBegins, lost, forgotten }) => {
      const moments = momentsOf(given)
      const ofSite = { ...rules, campaignBegins }
      const delivered = arrive(moments, chance, lateness)
      const stored = emptyStore()
      const originAt = ({ offset }: Place): Origin | undefined => {
        const moment = delivered[offset]
        return moment && originOf(arrivedOf(moment, offset).visit)
      }
      let known = nobody
      for (let from = 0; from < delivered.length; from += size) {
        const batch = delivered.slice(from, from + size).map((moment, index) => arrivedOf(moment, from + index))
        if ((from / size) % lost === lost - 1) advance(whose, known, [...batch].reverse(), ofSite)
        const advanced = advance(whose, known, batch, ofSite, originAt)
        stored.store(advanced)
        known = (from / size) % forgotten === forgotten - 1 ? stored.read() : advanced.visitor
      }
      expect(visitsOf(known)).toEqual(reference(moments, campaignBegins))
      const inOneGo = emptyStore()
      inOneGo.store(advance(whose, nobody, moments.map(arrivedOf), ofSite))
      expect(plain(stored.visits.values())).toEqual(plain(inOneGo.visits.values()))
      // Every event says of its visit what the visit says of itself.
      const saidBy = new Map([...stored.visits.values()].map((row) => [row.session_id, saidOf(row)]))
      for (const { sessionId, source, isReturning } of stored.events.values())
        expect({ sessionId, source, isReturning }).toEqual(saidBy.get(sessionId))
    }),
    { numRuns: 5000 },
  )
})

it('takes the source of the first page, also where that comes after a click', () => {
  const moment = { eventId: 'a', timeMs: 1e12, seq: 0, type: 'click', namedSession: '', campaign: '' }
  const page = { ...moment, eventId: 'b', timeMs: 1e12 + minute, type: 'page_view', campaign: 'x' }
  const { visitor } = advance(whose, nobody, [arrivedOf(moment, 0)], rules)
  const advanced = advance(whose, visitor, [arrivedOf(page, 1)], { ...rules, campaignBegins: false })
  expect([...advanced.visitor.sessions.values()]).toMatchObject([{ source: 'x', entry_page: '/b', events: 2 }])
  expect([...advanced.moved.values()]).toMatchObject([{ session: { source: 'x' } }])
})

describe('a visitor with 100,000 events', () => {
  const events = 100_000
  const momentOf = (index: number): Moment => ({
    eventId: `e${index}`,
    timeMs: 1e12 + index * 500,
    seq: 0,
    type: index % 10 === 0 ? 'page_view' : 'click',
    namedSession: '',
    campaign: '',
  })
  const process = (order: readonly number[], size: number) => {
    let known = nobody
    const costsMs: number[] = []
    for (let from = 0; from < order.length; from += size) {
      const batch = order.slice(from, from + size).map((index) => arrivedOf(momentOf(index), index))
      const startedAt = performance.now()
      known = advance(whose, known, batch, rules).visitor
      costsMs.push(performance.now() - startedAt)
    }
    return { known, medianMs: costsMs.sort((left, right) => left - right)[costsMs.length >> 1] ?? 0 }
  }
  // Some ten times what it takes on a slow machine; to compute all of them again for each batch takes longer than that.
  const bearableMs = 50

  it('costs a batch as much as has arrived, in order', () => {
    const { known, medianMs } = process(
      Array.from({ length: events }, (_, index) => index),
      100,
    )
    expect([...known.sessions.values()]).toMatchObject([{ events, pageviews: events / 10, visit_number: 1 }])
    expect(medianMs).toBeLessThan(bearableMs)
  })

  it('costs little more where they overtake each other', () => {
    const shuffled = Array.from({ length: events }, (_, index) => index ^ 0b101)
    const { known, medianMs } = process(shuffled, 500)
    expect([...known.sessions.values()]).toMatchObject([
      { events, pageviews: events / 10, end: momentOf(events - 1).timeMs },
    ])
    expect(medianMs).toBeLessThan(bearableMs)
  })
})
