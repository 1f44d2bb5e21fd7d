import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { requireFullAccess } from '../http/access.ts'

/** What a process that does nothing but answer says of itself. */
export const createPlainMetrics = (role: string): Registry => {
  const registry = new Registry()
  registry.setDefaultLabels({ role })
  collectDefaultMetrics({ register: registry })
  return registry
}

/**
 * Of a process that runs apart: `GET /healthz` (it lives) and `GET /readyz` (it can do its work; what it says of it) for anyone, `GET
 * /metrics` in Prometheus' text format for the key's holder, or this machine where there is no key.
 * @param ready answers what is said of a process that is ready; throws where it is not
 */
export const addApartRoutes = (
  server: FastifyInstance,
  options: { registry: Registry; apiKey: string | undefined; ready: () => Promise<object> },
): void => {
  const { registry, apiKey, ready } = options
  server.get('/healthz', async () => ({ status: 'live' }))
  server.get('/readyz', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    try {
      return { status: 'ready', ...(await ready()) }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      return reply.code(503).send({ status: 'not_ready' })
    }
  })
  server.get('/metrics', async (request, reply) => {
    requireFullAccess({ address: request.socket.remoteAddress, headers: request.headers }, apiKey)
    return reply.header('content-type', registry.contentType).send(await registry.metrics())
  })
}
