import type { FastifyInstance } from 'fastify'

/** Lets the scripts of any page post to these paths and read the answer, whatever headers they send along; without cookies. */
export const openToPages = (server: FastifyInstance, paths: readonly string[]): void => {
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'retry-after')
  })
  for (const path of paths) {
    server.options(path, async (_request, reply) =>
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', 'content-type, *')
        .header('access-control-max-age', '86400')
        .code(204)
        .send(),
    )
  }
}
