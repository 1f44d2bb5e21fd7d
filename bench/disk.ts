import { parseArgs } from 'node:util'
import { report } from './figures.ts'
import { openGrownStore } from './grown-store.ts'

// `npm run bench:disk [-- --events N] [-- --store FOLDER]`: bytes an event takes on the disk, by table, once ClickHouse has merged what it
// would merge in an idle hour.

const { values: given } = parseArgs({
  options: { events: { type: 'string', default: '10000000' }, store: { type: 'string' } },
})
const events = Number(given.events)
const say = (line: string) => process.stdout.write(`${line}\n`)
const { store, close } = await openGrownStore(given.store, events, say)

const tables = await store.query<{ name: string; layer: string }>(
  `SELECT DISTINCT database || '.' || table AS name, database AS layer FROM system.parts
   WHERE active AND database IN ('silver', 'gold') ORDER BY name`,
)
for (const { name } of tables) await store.execute(`OPTIMIZE TABLE ${name}`)
const sizes = await store.query<{ name: string; bytes: number }>(
  `SELECT database || '.' || table AS name, sum(bytes_on_disk) AS bytes FROM system.parts
   WHERE active AND database IN ('silver', 'gold') GROUP BY name ORDER BY bytes DESC`,
)
const [stored] = await store.query<{ events: number }>('SELECT sum(sign) AS events FROM silver.events')
const perEvent = (bytes: number): number => Number(bytes) / Number(stored?.events)
for (const { name, bytes } of sizes) say(`${name.padEnd(28)} ${perEvent(bytes).toFixed(1).padStart(7)} bytes an event`)
await close()
say('')
report([
  {
    name: 'disk_bytes_per_event_but_bronze',
    value: sizes.reduce((sum, { bytes }) => sum + perEvent(bytes), 0),
    atMost: 25,
  },
])
