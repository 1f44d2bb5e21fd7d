import type { TrackerEvent } from '@clickwatch/contract'
import { batch, event } from '../test/fixtures/events.ts'

// Visits as the tracker tells them, sent to whatever takes them in: what an event costs is measured by these.

export const eventsOfVisit = 6
const connections = 24

const sources = [
  '',
  '?utm_source=news&utm_medium=email',
  '?utm_source=google&utm_medium=cpc&utm_campaign=autumn',
  '?gclid=x',
]
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
]

/** Two pages, one scrolled and clicked on, and how long each was looked at. */
const visitOf = (number: number): TrackerEvent[] => {
  const page = (place: number) => `https://shop.example/articles/${(number * 7 + place) % 500}`
  const first = page(0) + sources[number % sources.length]
  const told = (type: TrackerEvent['type'], url: string, more: Partial<TrackerEvent> = {}) =>
    event({ id: crypto.randomUUID(), type, url, title: 'An article of the shop', ...more })
  return [
    told('page_view', first, { referrer: 'https://www.google.com/' }),
    told('scroll', first, { scroll_depth: 75 }),
    told('click', first, { element: { id: `more-${number % 20}`, text: 'Read more', href: page(1) } }),
    told('engagement', first, { engaged_ms: 12_000, scroll_depth: 80 }),
    told('page_view', page(1)),
    told('engagement', page(1), { engaged_ms: 8000, scroll_depth: 40 }),
  ]
}

/**
 * Sends so many visits, a request each, as fast as they are acknowledged. Every fourth visitor comes again.
 * @param first the number of the first one: visits of one number are the same visitor's
 * @throws where one is not acknowledged
 */
export const sendVisits = async (baseUrl: string, visits: number, first = 0): Promise<void> => {
  let next = first
  const send = async (): Promise<void> => {
    for (let number = next++; number < first + visits; number = next++) {
      const visitor = `visitor-${number % 4 === 3 ? number - 3 : number}`
      const answer = await fetch(`${baseUrl}/e`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': agents[number % agents.length] ?? '',
          'accept-language': 'de-DE',
        },
        body: JSON.stringify(batch(visitor, `visit-${number}`, visitOf(number))),
      })
      const text = await answer.text()
      if (answer.status !== 202) throw new Error(`${answer.status}: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: connections }, send))
}

/** The sum of a metric, as Prometheus' text tells it, over all its labels. */
export const sumOf = (text: string, name: string): number =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  )
