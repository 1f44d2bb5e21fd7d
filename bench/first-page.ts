import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { report } from './figures.ts'

// How much JavaScript does the dashboard's first page need? What its page names, and whatever that imports, not what is loaded when it is opened.

const budgetBytes = 250 * 1024
const dist = join(import.meta.dirname, '../packages/dashboard/dist')
if (!existsSync(join(dist, 'index.html'))) throw new Error('The dashboard is not built: node build.ts')

const named = [...readFileSync(join(dist, 'index.html'), 'utf8').matchAll(/(?:src|href)="\/([^"]+\.js)"/g)]
const found = new Map<string, number>()
const waiting = named.map((match) => join(dist, match[1] ?? ''))
for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
  if (found.has(path)) continue
  const source = readFileSync(path)
  found.set(path, gzipSync(source).length)
  for (const match of source.toString().matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
    waiting.push(join(dist, 'assets', match[1] ?? ''))
  }
}
const bytes = [...found.values()].reduce((sum, each) => sum + each, 0)
report([{ name: 'dashboard_first_page_gzip_bytes', value: bytes, atMost: budgetBytes }])
