import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requireFullAccess } from '../http/access.ts'

/** Says who is at the other end of a request. */
export type AddressOf = (request: FastifyRequest) => string | undefined

/** Every route added to `server` after this answers the holder of the full key, or, where none is set, this machine alone. */
export const guard = (server: FastifyInstance, apiKey: string | undefined, addressOf: AddressOf): void => {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    requireFullAccess({ address: addressOf(request), headers: request.headers }, apiKey)
  })
}
