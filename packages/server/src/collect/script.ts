import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

const scriptPath = fileURLToPath(new URL('../../../tracker/dist/clickwatch.js', import.meta.url))

/** `GET /clickwatch.js`: the tracker, for anyone. Compressed once, revalidated hourly. */
export const addScriptRoute = async (server: FastifyInstance): Promise<void> => {
  const plain = await readFile(scriptPath)
  const brotli = await promisify(brotliCompress)(plain)
  const gzipped = await promisify(gzip)(plain)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`

  server.get('/clickwatch.js', async (request, reply) => {
    reply
      .header('content-type', 'text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .header('etag', etag)
      .header('vary', 'accept-encoding')
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const accepted = String(request.headers['accept-encoding'] ?? '')
    if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(brotli)
    if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(gzipped)
    return reply.send(plain)
  })
}
