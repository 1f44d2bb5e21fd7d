import { fileURLToPath } from 'node:url'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

const dashboardFolder = fileURLToPath(new URL('../../../dashboard/dist/', import.meta.url))
const demoFolder = fileURLToPath(new URL('../demo/page/', import.meta.url))

/** The dashboard's screens, each an address of its own that the browser may open directly. */
const screens = [
  '/',
  '/live',
  '/ideas',
  '/ideas/:id',
  '/ideas/:id/edit',
  '/funnels',
  '/journeys',
  '/retention',
  '/pages',
  '/sessions',
  '/visitor',
  '/report',
  '/settings',
  '/sql',
  '/refused',
  '/account',
  '/setup',
  '/invitation',
  '/reset-password',
]

/**
 * The one document that may frame a site, so that no screen may: a heatmap shows the page it was measured on through it. It shows
 * nothing but what a screen of the same origin asks it for (dashboard/public/page-frame.js).
 */
const framePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  'frame-src https: http:',
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** The dashboard and the demo page: files for anyone; what they show they ask the API for. */
export const addPages = async (server: FastifyInstance): Promise<void> => {
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Charts place their tooltips by style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        frameAncestors: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
      },
    },
    // Plain http is how it runs on a laptop; behind TLS the proxy says it.
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
  })
  // A link that somebody put on a page is not to be found by who was not given it.
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-robots-tag', 'noindex, nofollow')
  })
  await server.register(fastifyStatic, {
    root: dashboardFolder,
    index: false,
    // What is built has `.br` and `.gz` beside it.
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite puts a hash of what is in a file into its name there: another content is another file.
      const isHashed = path.includes('/assets/')
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  for (const screen of screens) {
    server.get(screen, (_request, reply) => reply.sendFile('index.html', dashboardFolder))
  }
  server.get<{ Querystring: { embed?: string } }>('/share/:token', (request, reply) => {
    // A page that its owner puts the link into may frame it; nothing in it can be clicked to change anything.
    if (request.query.embed === '1') {
      const policy = String(reply.getHeader('content-security-policy'))
      reply.header('content-security-policy', policy.replace(/frame-ancestors [^;]*/, 'frame-ancestors *'))
      reply.removeHeader('x-frame-options')
    }
    return reply.sendFile('index.html', dashboardFolder)
  })
  server.get('/page-frame', (_request, reply) =>
    reply.header('content-security-policy', framePolicy).sendFile('page-frame.html', dashboardFolder),
  )
  await server.register(fastifyStatic, { root: demoFolder, prefix: '/demo/', decorateReply: false, maxAge: 0 })
  server.get('/demo', (request, reply) => {
    const search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
    return reply.redirect(`/demo/${search}`)
  })
}
