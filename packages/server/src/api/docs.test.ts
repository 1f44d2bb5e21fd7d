import { readdir, readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createServer } from '../http/server.ts'
import { addDocs } from './docs.ts'
import { openApiDocument } from './openapi.ts'

const document = openApiDocument()

it('the page and its JSON are served to anyone, without a script in the page', async () => {
  const server = createServer(pino({ level: 'silent' }))
  await addDocs(server)
  const json = await server.inject('/api/docs/json')
  expect(json.json()).toMatchObject({ openapi: '3.1.0', paths: { '/api/v2/query': { post: {} } } })
  const page = await server.inject({ url: '/api/docs/' })
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-security-policy']).toMatch(/default-src 'self'/)
  const scripts = [...page.body.matchAll(/<script([^>]*)>([^<]*)</g)]
  expect(scripts.length).toBeGreaterThan(0)
  for (const [, attributes, inside] of scripts) {
    expect(attributes).toContain('src=')
    expect(inside?.trim()).toBe('')
  }
  await server.close()
})

it('its schemas say of requests what the server does', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'api')
  const check = ajv.compile({
    $ref: 'api#/paths/~1api~1v2~1query/post/requestBody/content/application~1json/schema',
  })
  const scope = { metrics: ['visitors'], date_range: '7d' }
  expect(
    check({
      ...scope,
      filters: [
        [
          'and',
          [
            ['is', 'event:page', ['/']],
            ['not', ['is', 'visit:os', ['x']]],
          ],
        ],
      ],
    }),
  ).toBe(true)
  expect(check({ ...scope, filters: [['and', [['is', 'event:colour', ['/']]]]] })).toBe(false)
})

it('it says as a schema what is answered about sites, links and questions', () => {
  const silent = Object.entries(document.paths)
    .filter(([path]) => /^\/api\/(sites|share|v2)/.test(path) && path !== '/api/v2/export')
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, told]) => ({ route: `${method} ${path}`, told })),
    )
    .filter(({ told }) => {
      const [[status, answer] = []] = Object.entries((told as unknown as { responses: object }).responses)
      return status !== '204' && answer?.content?.['application/json']?.schema === undefined
    })
  expect(silent.map(({ route }) => route)).toEqual([])
})

it('it has every route that the API registers by its own name', async () => {
  const files = (await readdir(import.meta.dirname)).filter((name) => /^[a-z-]+\.ts$/.test(name))
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, import.meta.url), 'utf8')))
  const registered = texts.flatMap((text) =>
    [...text.matchAll(/server\.(get|post|put|patch|delete)(?:<[^(]*>)?\(\s*'(\/api\/[^']+)'/g)].map(
      ([, method = '', path = '']) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    ),
  )
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(registered.length).toBeGreaterThan(8)
  expect(described).toEqual(expect.arrayContaining(registered))
})
