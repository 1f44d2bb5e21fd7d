import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const tsc = join(import.meta.dirname, 'node_modules/.bin/tsc')

/** Builds a folder's src/index.ts as what npm publishes: dist/index.js, and its types beside it. */
export const buildPackage = async (folder: string): Promise<void> => {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Partial<Record<'dependencies' | 'peerDependencies', object>>
  await build({
    entryPoints: [join(folder, 'src/index.ts')],
    outfile: join(folder, 'dist/index.js'),
    bundle: true,
    // What npm brings along stays outside; what is private here, such as the contract, is put in.
    external: ['node:*', ...Object.keys({ ...dependencies, ...peerDependencies })],
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
