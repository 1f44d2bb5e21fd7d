import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'

export type Encoding = 'br' | 'gzip'

/** Compresses texts for many, and for one. */
export type Compression = {
  /** What many are answered with: as small as can be, and compressed once. */
  shared(text: string, encoding: Encoding): Promise<Buffer>
  /** What is for one visitor alone: fast, and not kept. */
  once(text: string, encoding: Encoding): Promise<Buffer>
}

const brotli = (text: string, quality: number): Promise<Buffer> =>
  promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })

/** @param most how many shared texts are kept */
export const openCompression = (most = 200): Compression => {
  const kept = new LRUCache<string, Promise<Buffer>>({ max: most })
  return {
    shared(text, encoding) {
      const key = `${encoding} ${text}`
      const found = kept.get(key)
      if (found) return found
      const made = encoding === 'br' ? brotli(text, 9) : promisify(gzip)(text)
      kept.set(key, made)
      return made
    },
    once: (text, encoding) => (encoding === 'br' ? brotli(text, 4) : promisify(gzip)(text, { level: 1 })),
  }
}
