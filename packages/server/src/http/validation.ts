import { timestampMs } from '@clickwatch/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { invalidField } from '../errors.ts'

/** What a check says: the value with its type, or the first thing that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; field: string; reason: string }

/** What `use` makes of a good value; what is wrong stays as it is. */
export const ifGood = <T, Used>(checked: Checked<T>, use: (value: T) => Used): Checked<Used> =>
  checked.ok ? { ok: true, value: use(checked.value) } : checked

/** The value of a good body. @throws {ClickWatchError} 400 invalid_field */
export const readBody = <T>(check: (value: unknown) => Checked<T>, body: unknown): T => {
  const checked = check(body)
  if (!checked.ok) throw invalidField(checked.field, checked.reason)
  return checked.value
}

const ajv = new Ajv({ allErrors: false, strict: true })

const latest = Date.UTC(2200, 0, 1)
// Date.parse takes the 30th of February for the 2nd of March.
const isDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}
const isTimestamp = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i.test(text)) return false
  const milliseconds = timestampMs(text)
  return isDay(text) && milliseconds >= 0 && milliseconds < latest
}
ajv.addFormat('timestamp', isTimestamp)

const sayExpectation = (error: ErrorObject): string => {
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'required':
      return 'is missing'
    case 'additionalProperties':
      return 'is not known here'
    case 'type':
      return `is expected to be ${params.type === 'object' ? 'an object' : `of type ${String(params.type)}`}`
    case 'enum':
      return `is expected to be one of ${(params.allowedValues as unknown[]).join(', ')}`
    case 'minLength':
    case 'minItems':
      return params.limit === 1 ? 'is empty' : `is expected to have at least ${String(params.limit)}`
    case 'maxLength':
      return `is longer than ${String(params.limit)} characters`
    case 'maxItems':
    case 'maxProperties':
      return `holds more than ${String(params.limit)}`
    case 'minimum':
      return `is expected to be ${String(params.limit)} or more`
    case 'maximum':
      return `is expected to be ${String(params.limit)} or less`
    case 'format':
      return `is expected to be an ISO 8601 ${String(params.format)}, for example 2025-07-22T10:49:39Z`
    default:
      return error.message ?? 'is not as expected'
  }
}

const fieldOf = (error: ErrorObject): string => {
  const params = error.params as Record<string, unknown>
  const parts = error.instancePath.split('/').slice(1)
  if (error.keyword === 'required') parts.push(String(params.missingProperty))
  if (error.keyword === 'additionalProperties') parts.push(String(params.additionalProperty))
  return parts.join('/')
}

// A nullable field fails as 'anyOf' after the error of its real type, and what may have several forms with an error for each of them:
// the one worth telling is of the form that fits furthest.
const mostTelling = (errors: ErrorObject[]): ErrorObject | undefined => {
  const telling = errors.filter(
    ({ keyword, params }) => keyword !== 'anyOf' && (params as { type?: string }).type !== 'null',
  )
  const depthOf = ({ instancePath }: ErrorObject): number => instancePath.split('/').length
  const deepest = Math.max(...telling.map(depthOf))
  return telling.find((error) => depthOf(error) === deepest) ?? errors[0]
}

/** A function that checks values against a schema and says in words which field is wrong and what was expected. */
export const checkerOf = <T>(schema: object): ((value: unknown) => Checked<T>) => {
  const validate: ValidateFunction<T> = ajv.compile<T>(schema)
  return (value) => {
    if (validate(value)) return { ok: true, value }
    const error = mostTelling(validate.errors ?? [])
    return error
      ? { ok: false, field: fieldOf(error), reason: sayExpectation(error) }
      : { ok: false, field: '', reason: 'is not as expected' }
  }
}

type Fields = { properties?: Record<string, object> }

/** How many fields a good value has that its schema does not know, in it and in the objects that it holds. */
export const countUnknown = (value: object, schema: object): number => {
  const { properties } = schema as Fields
  if (properties === undefined) return 0
  let unknown = 0
  for (const [field, inside] of Object.entries(value)) {
    const known = properties[field]
    if (known === undefined) unknown++
    else if (typeof inside === 'object' && inside !== null && !Array.isArray(inside))
      unknown += countUnknown(inside, known)
  }
  return unknown
}
