import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inOrder, type Moment } from './sessionize.ts'
import type { Fact, Visit } from './visit.ts'
import { type Arrived, advance, type KnownVisitor, nobody } from './visitor.ts'

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

/** By the definition and nothing else: walks through everything in order. */
const reference = (moments: readonly Moment[]): string[] => {
  const unique = [...new Map(moments.map((moment) => [`${moment.namedSession}/${moment.eventId}`, moment])).values()]
  const visits: { named: string; campaign: string; ids: string[]; last: number }[] = []
  let current: (typeof visits)[number] | undefined
  for (const moment of unique.sort(inOrder)) {
    let visit = visits.find(({ named }) => named !== '' && named === moment.namedSession)
    if (!visit && moment.namedSession === '' && current) {
      const silence = moment.timeMs - current.last
      const isTold = moment.type === 'engagement'
      const isOther = !isTold && moment.campaign !== '' && moment.campaign !== current.campaign
      if (silence <= (isTold ? 24 * 60 : 30) * minute && !isOther) visit = current
    }
    if (!visit) {
      visit = { named: moment.namedSession, campaign: moment.campaign, ids: [], last: 0 }
      visits.push(visit)
    }
    visit.ids.push(moment.eventId)
    visit.last = moment.timeMs
    current = visit
  }
  return visits.map(({ ids }) => ids.sort().join(' ')).sort()
}

const visitsOf = ({ facts }: KnownVisitor): string[] =>
  [...Map.groupBy(facts, ({ sessionId }) => sessionId).values()]
    .map((of) =>
      of
        .map(({ eventId }) => eventId)
        .sort()
        .join(' '),
    )
    .sort()

const kinds = fc.constantFrom('page_view', 'click', 'engagement')
const drafts = fc.array(
  fc.record({
    minutes: fc.nat(300),
    type: kinds,
    named: fc.constantFrom('', '', '', 'a', 'b'),
    campaign: fc.constantFrom('', '', 'x', 'y'),
  }),
  { minLength: 1, maxLength: 25 },
)

it('comes to the same visits whatever the order of arrival, the repeats, and the splits into batches', () => {
  const orders = fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 60 })
  fc.assert(
    fc.property(drafts, orders, fc.integer({ min: 1, max: 9 }), (given, order, size) => {
      const moments = given.map(
        ({ minutes, type, named, campaign }, index): Moment => ({
          eventId: `e${index}`,
          timeMs: 1e12 + minutes * minute,
          seq: 0,
          type,
          namedSession: named,
          campaign: type === 'page_view' ? campaign : '',
        }),
      )
      const delivered = [...moments, ...moments.filter((_, index) => index % 3 === 0)]
        .map((moment, index) => ({ moment, at: order[index] ?? 0 }))
        .sort((left, right) => left.at - right.at)
        .map(({ moment }) => moment)
      let known = nobody
      for (let from = 0; from < delivered.length; from += size) {
        const batch = delivered.slice(from, from + size).map((moment, index) => arrivedOf(moment, from + index))
        known = advance(whose, known, batch, rules).visitor
      }
      expect(visitsOf(known)).toEqual(reference(moments))
      const inOneGo = advance(whose, nobody, moments.map(arrivedOf), rules).visitor
      const plain = ({ sessions }: KnownVisitor) =>
        [...sessions.values()]
          .map(
            ({
              session_id,
              start,
              end,
              pageviews,
              events,
              is_bounce,
              entry_page,
              exit_page,
              visit_number,
              engaged_ms,
            }) => ({
              session_id,
              start,
              end,
              pageviews,
              events,
              is_bounce,
              entry_page,
              exit_page,
              visit_number,
              engaged_ms,
            }),
          )
          .sort((left, right) => left.visit_number - right.visit_number)
      expect(plain(known)).toEqual(plain(inOneGo))
    }),
    { numRuns: 3000 },
  )
})
