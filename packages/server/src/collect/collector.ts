import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createServer } from '../http/server.ts'
import type { StreamWriter } from '../stream/stream.ts'
import { createAppender } from './appender.ts'
import { openPlaces } from './enrich/geo.ts'
import type { Identity } from './identity.ts'
import { createIntake } from './intake.ts'
import { createLimits } from './limits.ts'
import { addScriptRoute } from './script.ts'
import { addSessionsRoute } from './sessions.ts'
import type { RulesOf } from './sites.ts'
import { addTrackerRoute } from './tracker.ts'

const allowAnyOrigin = (server: FastifyInstance): void => {
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*')
  })
  server.options('/e', async (_request, reply) =>
    reply
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '86400')
      .code(204)
      .send(),
  )
}

/** The HTTP server that takes events in and puts them on the stream; everything it answers 202 to is on disk. */
export const createCollector = async (options: {
  stream: StreamWriter
  apiKey: string | undefined
  queueLimitBytes: number
  /** Events a minute that one address may send; 0 is without limit. */
  eventsPerAddress: number
  /** Addresses and ranges of proxies whose word about the visitor's address is taken; this machine's is anyway. */
  trustedProxies: readonly string[]
  /** .mmdb file of cities; undefined is none. */
  geoDatabase: string | undefined
  identity: Identity
  rulesOf: RulesOf
  logger: Logger
}): Promise<FastifyInstance> => {
  const server = createServer(options.logger, options.trustedProxies)
  const append = createAppender(options.stream, options.queueLimitBytes)
  const placeOf = await openPlaces(options.geoDatabase)
  const { identity, rulesOf } = options
  const take = createIntake({
    append,
    placeOf,
    identity,
    rulesOf,
    limits: createLimits(options.eventsPerAddress, rulesOf),
  })

  await server.register(async (collection) => {
    // Trackers send text/plain to spare the browser a preflight, so the body is read by what it is and not by its label.
    collection.removeAllContentTypeParsers()
    collection.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    addSessionsRoute(collection, append, options.apiKey)
    await collection.register(async (tracker) => {
      allowAnyOrigin(tracker)
      addTrackerRoute(tracker, '/e', take)
    })
  })
  await addScriptRoute(server)
  server.get('/health/live', async () => ({ status: 'live' }))
  return server
}
