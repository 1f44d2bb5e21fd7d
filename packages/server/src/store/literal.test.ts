import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { openEmbeddedStore } from './embedded.ts'
import { bindAll, bindLong } from './literal.ts'

const folder = mkdtempSync(join(tmpdir(), 'clickwatch-literal-'))
const store = openEmbeddedStore(join(folder, 'store'))
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it('writes long parameters into a statement, which mean what they meant, and leaves the others beside it', async () => {
  const awkward = ["it's", '\\', "\\'", '{site:String}', 'tab\there', 'line\nbreak', '\u0000', '🦊', '"', '']
  const many = Array.from({ length: 3000 }, (_, index) => `${awkward[index % awkward.length]}${index}`)
  const long = awkward.join('|').repeat(500)
  const sql =
    'SELECT {many:Array(String)} AS many, {long:String} AS long, {site:String} AS site, {limit:UInt32} AS limit'
  const { query, query_params } = bindLong(sql, { many, long, site: 'shop', limit: 5 })
  expect(query_params).toEqual({ site: 'shop', limit: 5 })
  expect(await store.query(query, { site: 'shop', limit: 5 })).toEqual([{ many, long, site: 'shop', limit: 5 }])
})

it('writes any parameter into a statement as what it is, whatever is in it', async () => {
  const sql =
    'SELECT {text:String} AS text, {texts:Array(String)} AS texts, {whole:Int64} AS whole, {part:Float64} AS part, {is:UInt8} AS `is`'
  const text = fc.string({
    unit: fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom("'", '\\', '\0', '{text:String}', '--', '/*', ';', '\n'),
    ),
  })
  const parameters = fc.record({
    ...{ text, texts: fc.array(text), is: fc.boolean() },
    ...{ whole: fc.maxSafeInteger(), part: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  })
  await fc.assert(
    fc.asyncProperty(parameters, async (given) => {
      expect(await store.query(bindAll(sql, given))).toEqual([{ ...given, part: given.part + 0, is: Number(given.is) }])
    }),
    { numRuns: 300 },
  )
})

it('asks several at once, each with its own parameters', async () => {
  const streamed = async (own: string): Promise<string> => {
    const chunks: Uint8Array[] = []
    for await (const chunk of store.stream('SELECT {own:String} AS own FROM numbers(3)', { own }, 'TSVRaw'))
      chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
  const each = Array.from({ length: 60 }, (_, index) => `asker ${index}`)
  const answers = await Promise.all(
    each.map(async (own, index) =>
      index % 2
        ? streamed(own)
        : (await store.query<{ own: string }>('SELECT {own:String} AS own FROM numbers(3)', { own }))
            .map((row) => `${row.own}\n`)
            .join(''),
    ),
  )
  expect(answers).toEqual(each.map((own) => `${own}\n`.repeat(3)))
})
