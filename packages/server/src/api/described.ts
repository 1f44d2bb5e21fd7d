import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApiDocument } from './openapi.ts'

type Schema = { [key: string]: unknown }

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null

/** A schema whose objects have what it says and nothing else: what an answer has and the schema does not is to be told. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (!isSchema(schema)) return schema
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  return isSchema(schema.properties) ? { additionalProperties: false, ...inside } : inside
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema(closed(openApiDocument()) as Schema, 'api')
const validators = new Map<string, ReturnType<typeof ajv.compile>>()
const validatorOf = (pointer: string) => {
  const known = validators.get(pointer) ?? ajv.compile({ $ref: `api#/paths/${pointer}` })
  validators.set(pointer, known)
  return known
}

/** What in an answer is not as the API's description of the route says, for tests; `route` is 'post /api/v2/query'. */
export const undescribed = (route: string, answer: unknown, status = 200): string[] => {
  const [method = '', path = ''] = route.split(' ')
  const pointer = [path, method, 'responses', String(status), 'content', 'application/json', 'schema']
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/')
  const validate = validatorOf(pointer)
  if (validate(answer)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
