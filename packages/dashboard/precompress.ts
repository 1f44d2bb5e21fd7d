import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const compressible = /\.(?:js|css|html|json|svg)$/
/** Below this, what a compressed file saves is less than a packet. */
const leastBytes = 1000
/** The best takes seconds of every first start, for a twentieth less. */
const brotliQuality = 9

/** Puts `.br` and `.gz` beside every file that is worth it, so that serving one compresses nothing. */
export const precompress = (): Plugin => {
  let folder = ''
  return {
    name: 'clickwatch:precompress',
    apply: 'build',
    configResolved({ root, build }) {
      folder = join(root, build.outDir)
    },
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      for (const { name, parentPath } of files.filter((entry) => entry.isFile() && compressible.test(entry.name))) {
        const path = join(parentPath, name)
        const content = readFileSync(path)
        if (content.length < leastBytes) continue
        const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality }
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params }))
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
      }
    },
  }
}
