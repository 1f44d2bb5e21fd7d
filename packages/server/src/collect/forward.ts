import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'
import { ClickWatchError } from '../errors.ts'

/** Header by which the collector tells the engine who is at the other end; the engine listens to the collector alone. */
export const visitorAddressHeader = 'x-clickwatch-address'

/** Header by which the command line of this machine is known to the engine; from anybody else it is not passed on. */
export const operatorHeader = 'x-clickwatch-operator'

/** Everything that is not collection goes to the engine, which listens on a socket of this machine. */
export const forwardToEngine = async (server: FastifyInstance, socketPath: string): Promise<void> => {
  await server.register(httpProxy, {
    upstream: `unix+http://${encodeURIComponent(socketPath)}`,
    // Live updates stay open for as long as the dashboard does.
    http: { requestOptions: { timeout: 0 } },
    replyOptions: {
      rewriteRequestHeaders: (request, headers) => ({
        ...headers,
        // What decides access is passed on as it came; the library would put the upstream's own name.
        host: request.headers.host ?? '',
        [visitorAddressHeader]: request.socket.remoteAddress ?? '',
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
}
