import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

// Builds what a browser loads, the tracker and the dashboard, unless what is built is newer than all it is built from.

const root = import.meta.dirname

const newestMs = (path: string): number => {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs
  const inside = readdirSync(path).filter((name) => name !== 'dist' && name !== 'node_modules')
  return Math.max(0, ...inside.map((name) => newestMs(join(path, name))))
}

const isStale = (output: string, sources: string[]): boolean => {
  const path = join(root, output)
  if (!existsSync(path)) return true
  const builtMs = statSync(path).mtimeMs
  return sources.some((source) => newestMs(join(root, source)) > builtMs)
}

if (isStale('packages/tracker/dist/clickwatch.js', ['packages/tracker', 'packages/contract', 'package-lock.json'])) {
  process.stdout.write('Building the tracker …\n')
  const { buildTracker } = await import('./packages/tracker/build.ts')
  await buildTracker()
}
if (isStale('packages/dashboard/dist/index.html', ['packages/dashboard', 'packages/contract', 'package-lock.json'])) {
  process.stdout.write('Building the dashboard …\n')
  const { build } = await import('vite')
  await build({ root: join(root, 'packages/dashboard'), logLevel: 'warn' })
}
