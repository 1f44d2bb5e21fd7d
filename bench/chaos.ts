import { runChaos, runFullDisk } from '../test/fixtures/chaos.ts'
import { report } from './figures.ts'

// `npm run test:chaos [-- kills seed]`: kills and pauses collector and engine under load, tears a write, fills a small disk; then
// looks for every acknowledged event by its id.

const kills = Number(process.argv[2] ?? 200)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000)
const say = (line: string) => process.stdout.write(`${line}\n`)

say(`seed ${seed}`)
const killed = await runChaos({ kills, seed, say })
say(`${killed.acknowledged} events acknowledged under ${killed.kills} kills`)
const figures = [
  { name: 'chaos_lost', value: killed.lost, atMost: 0 },
  { name: 'chaos_doubled', value: killed.doubled, atMost: 0 },
  { name: 'chaos_acknowledged', value: killed.acknowledged, atLeast: kills },
]
if (process.getuid?.() === 0) {
  const full = await runFullDisk()
  say(`${full.acknowledged} events acknowledged around a full disk, ${full.refused} refused`)
  figures.push(
    { name: 'full_disk_lost', value: full.lost, atMost: 0 },
    { name: 'full_disk_doubled', value: full.doubled, atMost: 0 },
    { name: 'full_disk_restarts', value: full.restarts, atMost: 0 },
    { name: 'full_disk_went_on', value: full.wentOn, atLeast: 200 },
  )
} else say('The full disk is left out: only an account that may mount can have a small one.')
say('')
report(figures)
