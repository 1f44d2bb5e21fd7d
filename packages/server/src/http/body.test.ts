import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClickWatchError } from '../errors.ts'
import { maxNesting, maxValues, parseJson, textOf } from './body.ts'

const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof ClickWatchError) return error.message
    throw error
  }
  return 'not refused'
}

describe('a body', () => {
  it('that is JSON is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        fc.pre(!text.includes('__proto__') && !text.includes('constructor') && !text.includes('\\u0000'))
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('that is nested too deep is refused before anything recurses into it', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(maxNesting))).toBeInstanceOf(Array)
    expect(refusal(() => parseJson(nested(maxNesting + 1)))).toContain('nested deeper')
    expect(refusal(() => parseJson('['.repeat(1_000_000)))).toContain('nested deeper')
    expect(parseJson(JSON.stringify({ text: '['.repeat(100) }))).toEqual({ text: '['.repeat(100) })
  })

  it('that holds more values than real documents do is refused before they take their memory', () => {
    const many = (values: number) => `[${Array(values).fill('{}').join(',')}]`
    expect(parseJson(many(1000))).toHaveLength(1000)
    expect(refusal(() => parseJson(many(maxValues)))).toContain('holds more than')
    expect(parseJson(JSON.stringify({ text: ','.repeat(maxValues) }))).toEqual({ text: ','.repeat(maxValues) })
  })

  it('that would change a prototype is refused', () => {
    expect(refusal(() => parseJson('{"__proto__": {"isAdmin": true}}'))).toContain('forbidden key')
    expect(refusal(() => parseJson('{"a": {"constructor": {"prototype": {}}}}'))).toContain('forbidden key')
  })

  it('that holds a NUL is refused, one that speaks of it is not', () => {
    expect(refusal(() => parseJson('{"a": "x\\u0000y"}'))).toContain('NUL')
    expect(parseJson('{"a": "x\\\\u0000y"}')).toEqual({ a: 'x\\u0000y' })
  })

  it('that holds half a surrogate pair is made well-formed, so that it can be stored as UTF-8', () => {
    expect(parseJson('{"a": "x\\ud800y"}')).toEqual({ a: 'x\ufffdy' })
    expect(parseJson('{"a": "\\ud83d\\ude00"}')).toEqual({ a: '😀' })
  })

  it('that is empty or no UTF-8 is refused', () => {
    expect(refusal(() => textOf(Buffer.alloc(0)))).toContain('empty')
    expect(refusal(() => textOf(Buffer.from([0x22, 0xc3, 0x28, 0x22])))).toContain('UTF-8')
  })
})
