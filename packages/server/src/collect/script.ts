import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/** A script of the tracker's, as it was built. */
export const built = (name: string): string => fileURLToPath(new URL(`../../../tracker/dist/${name}`, import.meta.url))
const scriptFile = built('clickwatch.js')
const vitalsFile = built('clickwatch.vitals.js')

// What the tracker is built with says that events go beside it; a path of the operator's own takes its place.
const beside = 'new URL("e",'

/** The script as it is served at a path, for events that go to another. */
const scriptFor = async (path: string, collectPath: string): Promise<Buffer> => {
  const script = await readFile(scriptFile, 'utf8')
  if (script.split(beside).length !== 2) throw new Error(`the tracker is expected to say ${beside} once`)
  const endpoint = posix.relative(posix.dirname(path), collectPath)
  return Buffer.from(script.replace(beside, `new URL(${JSON.stringify(endpoint)},`))
}

/** Where another file is, beside the tracker: /clickwatch.vitals.js beside /clickwatch.js. */
export const besidePath = (path: string, ending: string): string => `${path.replace(/\.js$/, '')}.${ending}`

/** `GET /clickwatch.js`, or another path: the tracker, for anyone; and beside it what measures pages. */
export const addScriptRoutes = async (server: FastifyInstance, path: string, collectPath: string): Promise<void> => {
  await addScript(server, path, await scriptFor(path, collectPath))
  await addScript(server, besidePath(path, 'vitals.js'), await readFile(vitalsFile))
}

/** Compressed once, revalidated hourly. */
const addScript = async (server: FastifyInstance, path: string, plain: Buffer): Promise<void> => {
  const brotli = await promisify(brotliCompress)(plain)
  const gzipped = await promisify(gzip)(plain)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`

  server.get(path, async (request, reply) => {
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
