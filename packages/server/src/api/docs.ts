import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { openApiDocument } from './openapi.ts'

/**
 * `/api/docs` and, as JSON, `/api/docs/json`: for anyone, since a browser opens a page without a key, and they say nothing of what the
 * server holds.
 */
export const addDocs = async (server: FastifyInstance): Promise<void> => {
  await server.register(async (docs) => {
    await docs.register(swagger, {
      mode: 'static',
      specification: { document: openApiDocument() },
    } as Parameters<typeof swagger>[1])
    await docs.register(swaggerUi, {
      routePrefix: '/api/docs',
      theme: { title: 'ClickWatch API' },
      uiConfig: { layout: 'BaseLayout', docExpansion: 'list', defaultModelsExpandDepth: -1 },
      staticCSP: {
        'default-src': "'self'",
        // Its styles are in part attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'frame-ancestors': "'self'",
        'base-uri': "'none'",
        'form-action': "'self'",
        'object-src': "'none'",
      },
    })
  })
}
