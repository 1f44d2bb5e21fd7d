import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { type Reported, readFigure } from './figures.ts'
import { type Area, measuredHere, readResults, writeResults } from './results.ts'
import { writeTable } from './table.ts'

// `npm run bench [-- --events N --store FOLDER --only query,usual]`: every area after the other, in under a quarter of an hour;
// then a table of what each figure is and should be, which goes into docs/performance.md too. Nothing else may run on the machine meanwhile.
// What is measured over many events shares one store of N (10 million), which FOLDER keeps. `--only` leaves the other areas as they were.

const { values: given } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    store: { type: 'string' },
    only: { type: 'string' },
  },
})
const events = Number(given.events)
const folder = mkdtempSync(join(process.env.CLICKWATCH_BENCH_FOLDER ?? tmpdir(), 'clickwatch-bench-'))
const store = given.store ?? join(folder, 'store')
const grown = ['--events', String(events), '--store', store]

/** Each area's file and what it is told. */
const areas: Record<string, string[]> = {
  size: ['size.ts'],
  'first page': ['first-page.ts'],
  paint: ['paint.ts'],
  ingest: ['ingest.ts'],
  freshness: ['freshness.ts'],
  pipeline: ['pipeline.ts', '1', '1'],
  query: ['query.ts', ...grown],
  usual: ['usual/usual.ts', ...grown],
  disk: ['disk.ts', ...grown],
  // The last over the store: it adds to it.
  memory: ['memory.ts', '--store', store],
}

/** Runs one, showing what it says; answers its figures and how long it took. */
const run = async (name: string, [file = '', ...args]: string[]): Promise<Area> => {
  process.stdout.write(`\n── ${name} ${'─'.repeat(Math.max(0, 80 - name.length))}\n`)
  const startedAt = performance.now()
  const flags = ['--disable-warning=ExperimentalWarning', '--max-old-space-size=4096']
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const figures: Reported[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    process.stdout.write(`${line}\n`)
    figures.push(...[readFigure(line)].filter((figure) => figure !== undefined))
  }
  await ended
  if (figures.length === 0) process.exitCode = 1
  return { name, seconds: Math.round((performance.now() - startedAt) / 1000), figures }
}

const chosen = given.only?.split(',')
const unknown = chosen?.find((name) => !(name in areas))
if (unknown !== undefined) throw new Error(`--only ${unknown}: expected some of ${Object.keys(areas).join(',')}`)
const beganAt = performance.now()
const measured: Area[] = []
try {
  for (const [name, command] of Object.entries(areas)) {
    if (chosen === undefined || chosen.includes(name)) measured.push(await run(name, command))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const before = readResults(events)?.areas ?? []
const names = Object.keys(areas)
const others = before.filter(({ name }) => names.includes(name) && !measured.some((area) => area.name === name))
writeResults({
  events,
  ...measuredHere('chdb', 'fastify', 'pg'),
  areas: [...measured, ...others].toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name)),
})
process.stdout.write(`\n${writeTable()}\n`)
process.stdout.write(`\n${measured.length} areas in ${Math.round((performance.now() - beganAt) / 1000)} s\n`)
const short = measured.flatMap(({ figures }) => figures.filter(({ is_met }) => !is_met))
for (const { name, value, target, is_met } of measured.flatMap(({ figures }) => figures)) {
  process.stdout.write(`${name}=${value} target=${target} ${is_met ? 'ok' : 'short'}\n`)
}
if (short.length > 0) process.exitCode = 1
