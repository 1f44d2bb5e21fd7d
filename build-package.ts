import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const tsc = join(import.meta.dirname, 'node_modules/.bin/tsc')

/** Builds a folder's src/index.ts, or the files of src that are named, as what npm publishes: JavaScript in dist, and its types beside it. */
export const buildPackage = async (folder: string, sources: readonly string[] = ['index.ts']): Promise<void> => {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Partial<Record<'dependencies' | 'peerDependencies', object>>
  await build({
    entryPoints: sources.map((source) => join(folder, 'src', source)),
    outdir: join(folder, 'dist'),
    outbase: join(folder, 'src'),
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
