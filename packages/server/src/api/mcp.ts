import type { FastifyInstance, FastifyRequest } from 'fastify'
import { visitorAddressHeader, visitorClientHeader, visitorProtocolHeader } from '../collect/forward.ts'
import type { Ask } from '../mcp/ask.ts'

/** What a request says of who makes it; the questions that come of it say the same. */
const passedOn = [
  'authorization',
  'cookie',
  'host',
  'origin',
  visitorAddressHeader,
  visitorClientHeader,
  visitorProtocolHeader,
] as const

/** Asks this very server, under the rights of a request: one that may not ask a route may not by way of a tool. */
const askAs =
  (server: FastifyInstance, request: FastifyRequest): Ask =>
  async (method, url, body) => {
    const headers = Object.fromEntries(
      passedOn.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, request.headers[name]]])),
    )
    const answer = await server.inject({
      method,
      url,
      headers,
      remoteAddress: request.socket.remoteAddress ?? '',
      ...(body === undefined ? {} : { payload: body }),
    })
    return { status: answer.statusCode, answer: answer.json() as unknown }
  }

/**
 * `POST /mcp`: the tools of mcp/tools.ts for assistants, by the protocol's streamable HTTP without sessions: each request is answered by
 * itself, with JSON. @param whole the server that has every route
 */
export const addMcpRoute = (server: FastifyInstance, whole: FastifyInstance): void => {
  server.post('/mcp', async (request, reply) => {
    // What only assistants need is loaded for the first of them.
    const [{ createMcpServer }, { WebStandardStreamableHTTPServerTransport }] = await Promise.all([
      import('../mcp/server.ts'),
      import('@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'),
    ])
    const mcp = createMcpServer(askAs(whole, request))
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    try {
      await mcp.connect(transport)
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
      )
      const asked = new Request('http://localhost/mcp', { method: 'POST', headers, body: JSON.stringify(request.body) })
      const answer = await transport.handleRequest(asked, { parsedBody: request.body })
      reply.code(answer.status).headers(Object.fromEntries(answer.headers))
      return reply.send(await answer.text())
    } finally {
      await mcp.close()
    }
  })
  // Nothing is told without being asked for, and there are no sessions to end.
  server.route({
    method: ['GET', 'DELETE'],
    url: '/mcp',
    handler: async (_request, reply) => reply.code(405).header('allow', 'POST').send(),
  })
}
