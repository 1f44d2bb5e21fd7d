#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Plain JavaScript, so that a Node too old for the rest can still say which one is needed.
import module from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const neededMajor = 24
const major = Number(process.versions.node.split('.')[0])
if (major < neededMajor) {
  process.stderr.write(
    `ClickWatch needs Node ${neededMajor} or newer; this is Node ${process.versions.node}. ` +
      'In the repository, `npm start` brings the right one along.\n',
  )
  process.exit(1)
}
// What was compiled once is not compiled at every start again, here and in the processes that this one starts. Where the folder cannot
// be written, as where another account has installed it, a start takes a second longer.
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/clickwatch-compiled', import.meta.url))
process.env.NODE_COMPILE_CACHE ??= compiled
module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
const { main } = await import('../src/cli/main.ts')
process.exitCode = await main(process.argv.slice(2))
