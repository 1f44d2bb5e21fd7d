import { parseArgs } from 'node:util'
import { runChaos, runFullDisk } from '../test/fixtures/chaos.ts'
import { startBacking } from '../test/fixtures/cluster.ts'
import { runClusterChaos } from '../test/fixtures/cluster-chaos.ts'
import { type Figure, report } from './figures.ts'

// `npm run test:chaos [-- --cluster] [kills seed]`: kills and pauses collector and engine under load, tears a write, fills a small disk;
// or kills and pauses everything that the distributed form is made of; then looks for every acknowledged event by its id.

const { values, positionals } = parseArgs({ options: { cluster: { type: 'boolean' } }, allowPositionals: true })
const kills = Number(positionals[0] ?? (values.cluster ? 60 : 200))
const seed = Number(positionals[1] ?? Date.now() % 1_000_000)
const say = (line: string) => process.stdout.write(`${line}\n`)

const killCluster = async (): Promise<Figure[]> => {
  const backing = await startBacking(3)
  try {
    const killed = await runClusterChaos(backing, { kills, seed, say })
    say(`${killed.acknowledged} events acknowledged under ${killed.kills} kills: ${JSON.stringify(killed.what)}`)
    say(killed.verified)
    return [
      { name: 'cluster_chaos_lost', value: killed.lost, atMost: 0 },
      { name: 'cluster_chaos_doubled', value: killed.doubled, atMost: 0 },
      { name: 'cluster_chaos_adds_up', value: Number(killed.verified.includes('Everything adds up.')), atLeast: 1 },
      { name: 'cluster_chaos_acknowledged', value: killed.acknowledged, atLeast: kills },
    ]
  } finally {
    await backing.dispose()
  }
}

say(`seed ${seed}`)
if (values.cluster) {
  report(await killCluster())
  process.exit()
}
const killed = await runChaos({ kills, seed, say })
say(`${killed.acknowledged} events acknowledged under ${killed.kills} kills`)
const figures: Figure[] = [
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
