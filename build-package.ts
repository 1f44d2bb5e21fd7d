import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'esbuild'

const tsc = join(import.meta.dirname, 'node_modules/.bin/tsc')

/** Builds a folder's src/index.ts as what npm publishes: dist/index.js, and its types beside it. */
export const buildPackage = async (folder: string): Promise<void> => {
  await build({
    entryPoints: [join(folder, 'src/index.ts')],
    outfile: join(folder, 'dist/index.js'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'es2020',
  })
  const options = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--rootDir',
    'src',
    '--outDir',
    'dist',
  ]
  execFileSync(tsc, ['-p', '.', ...options], { cwd: folder, stdio: 'inherit' })
}
