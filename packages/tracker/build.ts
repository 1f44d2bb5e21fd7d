import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { minify } from '@swc/core'
import { build, type Metafile } from 'esbuild'
import { buildPackage } from '../../build-package.ts'

const folder = import.meta.dirname
const outfile = join(folder, 'dist/clickwatch.js')

/** Sizes in bytes; `modules` says how many each source file comes to in the bundle before it is minified. */
export type Sizes = { raw: number; gzip: number; brotli: number; modules: Map<string, number> }

const bundle = async (): Promise<{ code: string; metafile: Metafile }> => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(folder, 'src/tracker.ts')],
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    // Every browser of the last five years.
    target: 'es2020',
    metafile: true,
    write: false,
  })
  return { code: outputFiles[0]?.text ?? '', metafile }
}

/** Bundles the tracker into one script, dist/clickwatch.js. */
export const buildTracker = async (): Promise<Sizes> => {
  const { code, metafile } = await bundle()
  const minified = await minify(code, {
    ecma: 2020,
    module: true,
    compress: { ecma: 2020, passes: 4, pure_getters: true, unsafe: true, unsafe_arrows: true, unsafe_methods: true },
    mangle: true,
  })
  // A block keeps its names from the page's.
  const script = `{${minified.code}}`
  await mkdir(join(folder, 'dist'), { recursive: true })
  await writeFile(outfile, script)
  const [output] = Object.values(metafile.outputs)
  const modules = Object.entries(output?.inputs ?? {}).map(
    ([file, { bytesInOutput }]) => [file, bytesInOutput] as const,
  )
  return {
    raw: Buffer.byteLength(script),
    gzip: gzipSync(script, { level: 9 }).length,
    brotli: brotliCompressSync(script).length,
    modules: new Map(modules),
  }
}

if (import.meta.main) {
  await buildPackage(folder)
  const { raw, gzip, brotli } = await buildTracker()
  process.stdout.write(`clickwatch.js: ${raw} bytes, ${gzip} gzipped, ${brotli} in brotli\n`)
}
