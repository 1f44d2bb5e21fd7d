import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import pg from 'pg'

// The usual way to take events in: Fastify, and one INSERT an event into PostgreSQL before the 202. Tells its parent the port.

const pool = new pg.Pool({ connectionString: process.argv[2], max: 20 })
const insert = `INSERT INTO events (id, visit, site, visitor, time, type, path, element, is_conversion)
  VALUES ($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`

type Body = {
  visitor_id: string
  session_id: string
  events: { id: string; time: number; type: string; url: string; element?: { id?: string } }[]
}

const server = fastify()
// The tracker sends text, so that browsers ask for no permission first.
server.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) =>
  done(null, JSON.parse(String(body))),
)
server.post<{ Body: Body; Querystring: { site: string } }>('/e', async ({ body, query }, reply) => {
  for (const { id, time, type, url, element } of body.events) {
    const { pathname } = new URL(url)
    const values = [id, body.session_id, query.site, body.visitor_id, time, type, pathname, element?.id ?? '', false]
    await pool.query({ name: 'insert', text: insert, values })
  }
  return reply.code(202).send({ accepted: body.events.length })
})
await server.listen({ port: 0, host: '127.0.0.1' })
process.send?.((server.server.address() as AddressInfo).port)
process.on('disconnect', () => process.exit())
