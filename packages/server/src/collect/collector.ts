import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createServer } from '../http/server.ts'
import type { StreamWriter } from '../stream/stream.ts'
import { createAppender } from './appender.ts'
import { openCountries } from './enrich/geo.ts'
import { addScriptRoute } from './script.ts'
import { addSessionsRoute } from './sessions.ts'
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
  logger: Logger
}): Promise<FastifyInstance> => {
  const server = createServer(options.logger)
  const append = createAppender(options.stream, options.queueLimitBytes)
  const countryOf = await openCountries()

  await server.register(async (collection) => {
    // Trackers send text/plain to spare the browser a preflight, so the body is read by what it is and not by its label.
    collection.removeAllContentTypeParsers()
    collection.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    addSessionsRoute(collection, append, options.apiKey)
    await collection.register(async (tracker) => {
      allowAnyOrigin(tracker)
      addTrackerRoute(tracker, append, countryOf)
    })
  })
  await addScriptRoute(server)
  server.get('/health/live', async () => ({ status: 'live' }))
  return server
}
