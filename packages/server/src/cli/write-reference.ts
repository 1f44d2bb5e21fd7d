import { readFileSync, writeFileSync } from 'node:fs'
import { commands } from './commands.ts'
import { withReference } from './reference.ts'

// `npm run docs:cli`: brings docs/cli.md to what the table of commands says.

const path = new URL('../../../../docs/cli.md', import.meta.url)
writeFileSync(path, withReference(readFileSync(path, 'utf8'), commands))
