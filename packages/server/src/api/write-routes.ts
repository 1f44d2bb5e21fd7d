import { readFileSync, writeFileSync } from 'node:fs'
import { withRoutes } from './routes-reference.ts'

// `npm run docs:routes`: brings docs/security.md to what the table of routes says.

const path = new URL('../../../../docs/security.md', import.meta.url)
writeFileSync(path, withRoutes(readFileSync(path, 'utf8')))
