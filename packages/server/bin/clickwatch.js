#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Plain JavaScript, so that a Node too old for the rest can still say which one is needed.
import process from 'node:process'

const neededMajor = 24
const major = Number(process.versions.node.split('.')[0])
if (major < neededMajor) {
  process.stderr.write(
    `ClickWatch needs Node ${neededMajor} or newer; this is Node ${process.versions.node}. ` +
      'In the repository, `npm start` brings the right one along.\n',
  )
  process.exit(1)
}
const { main } = await import('../src/cli/main.ts')
process.exitCode = await main(process.argv.slice(2))
