import { basename } from 'node:path'
import { buildTracker } from '../packages/tracker/build.ts'
import { report } from './figures.ts'

// How large is what every visitor loads? Everything automatic is on: there is one tracker.

const budgetBytes = 2500
/** Of the script that tests ideas, for the sites that have any. */
const ideasBudgetBytes = 2000

const { raw, gzip, brotli, ideas, modules } = await buildTracker()
const sum = [...modules.values()].reduce((total, bytes) => total + bytes, 0)
const rows = [...modules].sort(([, left], [, right]) => right - left)

// A module's share of the compressed script is what it has of the bundle before it is minified.
process.stdout.write('module            bundled   share   of brotli\n')
for (const [file, bytes] of rows) {
  const share = bytes / sum
  const cells = [basename(file).padEnd(16), String(bytes).padStart(8), `${(100 * share).toFixed(1)} %`.padStart(8)]
  process.stdout.write(`${cells.join(' ')} ${`≈ ${Math.round(share * brotli)}`.padStart(10)}\n`)
}
process.stdout.write(`${'clickwatch.js'.padEnd(16)} ${raw} bytes minified, ${gzip} in gzip, ${brotli} in brotli\n`)

process.stdout.write('\n')
report([
  { name: 'tracker_brotli_bytes', value: brotli, atMost: budgetBytes },
  { name: 'ideas_script_brotli_bytes', value: ideas, atMost: ideasBudgetBytes },
])
