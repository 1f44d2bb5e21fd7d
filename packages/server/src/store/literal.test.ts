import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEmbeddedStore } from './embedded.ts'
import { bindLong } from './literal.ts'

it('writes long parameters into a statement, which mean what they meant, and leaves the others beside it', async () => {
  const awkward = ["it's", '\\', "\\'", '{site:String}', 'tab\there', 'line\nbreak', '\u0000', '🦊', '"', '']
  const many = Array.from({ length: 3000 }, (_, index) => `${awkward[index % awkward.length]}${index}`)
  const long = awkward.join('|').repeat(500)
  const sql =
    'SELECT {many:Array(String)} AS many, {long:String} AS long, {site:String} AS site, {limit:UInt32} AS limit'
  const { query, query_params } = bindLong(sql, { many, long, site: 'shop', limit: 5 })
  expect(query_params).toEqual({ site: 'shop', limit: 5 })
  const folder = mkdtempSync(join(tmpdir(), 'clickwatch-literal-'))
  const store = openEmbeddedStore(join(folder, 'store'))
  try {
    expect(await store.query(query, { site: 'shop', limit: 5 })).toEqual([{ many, long, site: 'shop', limit: 5 }])
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
