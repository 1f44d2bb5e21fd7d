import { AsyncLocalStorage } from 'node:async_hooks'
import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'
import { ClickWatchError } from '../errors.ts'
import { askerLeaves } from '../http/asker.ts'

/** Header by which the collector tells the engine who is at the other end; the engine listens to the collector alone. */
export const visitorAddressHeader = 'x-clickwatch-address'

/** Headers of the same kind: whom trusted proxies speak for, and whether a browser came by TLS. */
export const visitorClientHeader = 'x-clickwatch-client'
export const visitorProtocolHeader = 'x-clickwatch-protocol'

/** Header by which the command line of this machine is known to the engine; from anybody else it is not passed on. */
export const operatorHeader = 'x-clickwatch-operator'

// The library lets an upstream request go on when its client leaves, and takes options for all requests alone.
const leaving = new AsyncLocalStorage<AbortSignal>()
const requestOptions = {
  get signal(): AbortSignal | undefined {
    return leaving.getStore()
  },
}

/** Everything that is not collection goes to the engine, which listens on a socket of this machine. */
export const forwardToEngine = async (server: FastifyInstance, socketPath: string): Promise<void> => {
  await server.register(async (forwarded) => {
    forwarded.addHook('onRequest', (_request, reply, done) => leaving.run(askerLeaves(reply), done))
    await forwarded.register(httpProxy, {
      upstream: `unix+http://${encodeURIComponent(socketPath)}`,
      // That a client has left is no news for the log.
      logLevel: 'error',
      http: { requestOptions },
      replyOptions: {
        // Live updates stay open for as long as the dashboard does, and a large export may think before it goes on. Said here: among
        // the options above the library would take 0 for its usual ten seconds.
        timeout: 0,
        rewriteRequestHeaders: (request, headers) => ({
          ...headers,
          // What decides access is passed on as it came; the library would put the upstream's own name.
          host: request.headers.host ?? '',
          [visitorAddressHeader]: request.socket.remoteAddress ?? '',
          [visitorClientHeader]: request.ip,
          [visitorProtocolHeader]: request.protocol,
          [operatorHeader]: '',
        }),
        onError: (reply, { error }) => {
          const cause = error as Error
          const told = new ClickWatchError(
            'engine_away',
            503,
            'The dashboard is starting or catching up; nothing that arrives is lost. Try again in a moment.',
            { retryAfterSeconds: 1, cause },
          )
          reply.send(told)
        },
      },
    })
  })
}
