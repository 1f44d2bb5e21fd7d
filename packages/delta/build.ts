import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildPackage } from '../../build-package.ts'

// In this repository the package is its sources; what npm gets is the folder dist (npm publish ./dist), with a package.json of its own.

const folder = import.meta.dirname
const {
  private: _,
  scripts,
  devDependencies,
  exports,
  ...manifest
} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown> & {
  exports: Record<string, string>
}

const sources = Object.entries(exports).map(([name, path]) => [name, path.replace('./src/', '')] as const)
await buildPackage(
  folder,
  sources.map(([, source]) => source),
)
const built = sources.map(([name, source]) => {
  const path = `./${source.replace(/\.ts$/, '')}`
  return [name, { types: `${path}.d.ts`, default: `${path}.js` }]
})
writeFileSync(
  join(folder, 'dist/package.json'),
  `${JSON.stringify({ ...manifest, exports: Object.fromEntries(built) }, null, 2)}\n`,
)
