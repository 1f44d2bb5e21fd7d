import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openCompression } from './compression.ts'

const text = 'what pages are answered with, '.repeat(50)

it('compresses what many are answered with once, whatever is compressed for one visitor meanwhile', async () => {
  const { shared, once } = openCompression(2)
  const first = shared(text, 'br')
  for (let visitor = 0; visitor < 10; visitor++) await once(`${text} ${visitor}`, 'br')
  expect(shared(text, 'br')).toBe(first)
  expect(once(text, 'br')).not.toBe(first)
})

it('says the same in either encoding', async () => {
  const { shared, once } = openCompression()
  for (const compress of [shared, once]) {
    expect(brotliDecompressSync(await compress(text, 'br')).toString()).toBe(text)
    expect(gunzipSync(await compress(text, 'gzip')).toString()).toBe(text)
  }
})
