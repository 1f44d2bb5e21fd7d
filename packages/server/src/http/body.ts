import { isUtf8 } from 'node:buffer'
import { parse } from 'secure-json-parse'
import { invalidField, messageOf } from '../errors.ts'

/** Deeper than any document of ours, far shallower than what would exhaust a stack. */
export const maxNesting = 32

/** More than 10 MB of real documents hold; ten million bytes of `{},` would take many times their size in memory. */
export const maxValues = 1_000_000

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d

/** What makes a text too much to parse, found without parsing it; undefined when nothing does. */
const excessOf = (body: Buffer): string | undefined => {
  let depth = 0
  let values = 1
  let inString = false
  for (let index = 0; index < body.length; index++) {
    const byte = body[index]
    if (inString) {
      if (byte === backslash) index++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === openBrace || byte === openBracket) {
      values++
      if (++depth > maxNesting) return `is nested deeper than ${maxNesting} levels`
    } else if (byte === closeBrace || byte === closeBracket) depth--
    else if (byte === comma) values++
  }
  return values > maxValues ? `holds more than ${maxValues} values` : undefined
}

// An escaped NUL is valid JSON, yet what stores and shows text downstream ends a string at it.
const escapedNul = /(?<!\\)(?:\\\\)*\\u0000/

// Half a surrogate pair is valid JSON too, and no valid text.
const escapedSurrogate = /\\u[dD][89a-fA-F]/
const wellFormed = (_key: string, value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value)

/**
 * The text of a body.
 * @throws {ClickWatchError} 400 when it is empty or not UTF-8
 */
export const textOf = (body: Buffer): string => {
  if (body.length === 0) throw invalidField('', 'is empty; JSON is expected')
  if (!isUtf8(body)) throw invalidField('', 'is not valid UTF-8')
  return body.toString('utf8')
}

/**
 * A body of JSON as a value that is safe to look into: no prototype keys, no NUL, neither depth nor number that exhausts
 * memory.
 * @throws {ClickWatchError} 400 with what was wrong
 */
export const parseJson = (text: string): unknown => {
  const excess = excessOf(Buffer.from(text))
  if (excess !== undefined) throw invalidField('', excess)
  if (escapedNul.test(text)) throw invalidField('', 'holds a NUL character (\\u0000)')
  try {
    const reviver = escapedSurrogate.test(text) ? wellFormed : undefined
    return parse(text, reviver, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    const reason = messageOf(error)
    if (reason.includes('forbidden prototype property')) {
      throw invalidField('', 'holds a forbidden key (__proto__ or constructor.prototype)')
    }
    throw invalidField('', `is not valid JSON: ${reason}`)
  }
}
