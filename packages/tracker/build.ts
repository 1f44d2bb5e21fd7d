import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const outfile = join(import.meta.dirname, 'dist/clickwatch.js')

/** Bundles the tracker into one script, dist/clickwatch.js; answers its sizes in bytes. */
export const buildTracker = async (): Promise<{ raw: number; gzip: number; brotli: number }> => {
  await build({
    entryPoints: [join(import.meta.dirname, 'src/tracker.ts')],
    outfile,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2019',
    legalComments: 'none',
  })
  const script = await readFile(outfile)
  return { raw: script.length, gzip: gzipSync(script).length, brotli: brotliCompressSync(script).length }
}

if (import.meta.main) {
  const { raw, gzip, brotli } = await buildTracker()
  process.stdout.write(`clickwatch.js: ${raw} bytes, ${gzip} gzipped, ${brotli} in brotli\n`)
}
