import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { minify } from '@swc/core'
import { build, type Metafile } from 'esbuild'
import { buildPackage } from '../../build-package.ts'

const folder = import.meta.dirname
const outfile = join(folder, 'dist/clickwatch.js')
const vitalsOutfile = join(folder, 'dist/clickwatch.vitals.js')
const ideasOutfile = join(folder, 'dist/clickwatch.ideas.js')

/** Sizes in bytes; `ideas` is what tests ideas, in brotli, without the ideas; `modules` says how many each source file comes to in the bundle before it is minified. */
export type Sizes = { raw: number; gzip: number; brotli: number; ideas: number; modules: Map<string, number> }

const bundle = async (entry: string, isWhole = false): Promise<{ code: string; metafile: Metafile }> => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(folder, 'src', entry)],
    absWorkingDir: folder,
    bundle: true,
    format: isWhole ? 'iife' : 'esm',
    // Every browser of the last five years.
    target: 'es2020',
    minify: isWhole,
    metafile: true,
    write: false,
  })
  return { code: outputFiles[0]?.text ?? '', metafile }
}

/** The smallest script that does the same. A block keeps its names from the page's. */
const shrink = async (code: string): Promise<string> => {
  const minified = await minify(code, {
    ecma: 2020,
    module: true,
    compress: { ecma: 2020, passes: 4, pure_getters: true, unsafe: true, unsafe_arrows: true, unsafe_methods: true },
    mangle: true,
  })
  // A name that is not of the block alone would be the page's too, and the page's would be ours.
  return `{${minified.code?.replace(/^var /, 'let ')}}`
}

/** Bundles the tracker into one script, dist/clickwatch.js, and what measures pages and what tests ideas into others; the sizes are the tracker's. */
export const buildTracker = async (): Promise<Sizes> => {
  const { code, metafile } = await bundle('tracker.ts')
  const script = await shrink(code)
  await mkdir(join(folder, 'dist'), { recursive: true })
  // What is done to our own code for its last bytes would break that of others.
  await writeFile(vitalsOutfile, (await bundle('vitals.ts', true)).code)
  const ideas = await shrink((await bundle('ideas.ts')).code)
  await writeFile(ideasOutfile, ideas)
  await writeFile(outfile, script)
  const [output] = Object.values(metafile.outputs)
  const modules = Object.entries(output?.inputs ?? {}).map(
    ([file, { bytesInOutput }]) => [file, bytesInOutput] as const,
  )
  return {
    raw: Buffer.byteLength(script),
    gzip: gzipSync(script, { level: 9 }).length,
    brotli: brotliCompressSync(script).length,
    ideas: brotliCompressSync(ideas).length,
    modules: new Map(modules),
  }
}

if (import.meta.main) {
  await buildPackage(folder)
  const { raw, gzip, brotli } = await buildTracker()
  process.stdout.write(`clickwatch.js: ${raw} bytes, ${gzip} gzipped, ${brotli} in brotli\n`)
}
