import autocannon, { type Result } from 'autocannon'
import { batch, event } from '../test/fixtures/events.ts'

/** A body of `POST /e` with one page view by a visitor of its own. */
export const singleEvent = (visitor: string): string => JSON.stringify(batch(visitor, `session-${visitor}`, [event()]))

let sent = 0

/**
 * Single-event requests over so many connections for so many seconds, each by another visitor.
 * @param perSecond the rate of all together; as fast as they are answered when left out
 */
export const load = (
  baseUrl: string,
  site: string,
  connections: number,
  seconds: number,
  perSecond?: number,
): Promise<Result> =>
  autocannon({
    url: `${baseUrl}/e?site=${site}`,
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    connections,
    duration: seconds,
    ...(perSecond === undefined ? {} : { overallRate: perSecond }),
    requests: [{ setupRequest: (request) => ({ ...request, body: singleEvent(`${site}-${++sent}`) }) }],
  })
