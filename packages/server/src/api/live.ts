import type { LiveChange } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { siteOf } from '../http/site.ts'
import type { LiveHub } from '../live/hub.ts'

const keepAliveMs = 15_000

/** `GET /api/live?site=`: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), one for each change. */
export const addLiveRoute = (server: FastifyInstance, hub: LiveHub): void => {
  server.get('/api/live', (request, reply) => {
    const site = siteOf(request.query)
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would hold a change back until its buffer is full.
      'x-accel-buffering': 'no',
      'x-request-id': request.id,
    })
    const say = (event: string, data: unknown) => raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    say('open', { site })
    const stop = hub.listen(site, (change: LiveChange) => say('change', change))
    const keepAlive = setInterval(() => raw.write(': still here\n\n'), keepAliveMs)
    raw.on('close', () => {
      clearInterval(keepAlive)
      stop()
    })
  })
}
