import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readConfig } from '../packages/server/src/config.ts'
import { openStore } from '../packages/server/src/store/open.ts'
import { readStreamCredentials } from '../packages/server/src/stream/credentials.ts'
import { openStreamSender } from '../packages/server/src/stream/open.ts'
import { readStreamTarget } from '../packages/server/src/stream/target.ts'
import { type Backing, type Member, newInstallation, startBacking, startCluster } from '../test/fixtures/cluster.ts'
import { batch, event } from '../test/fixtures/events.ts'
import { type Figure, median, report } from './figures.ts'
import { visitOf } from './stream-of.ts'

// `npm run bench:scale [-- --events 200000]`: the same events through 1, 2 and 3 shards, and through 1, 2 and 4 pipelines: events a
// second, what the questions of a dashboard take, and CPU seconds per million events, which say how it would go where there are more
// cores than here. docs/scale.md reckons with them.

const { values } = parseArgs({ options: { events: { type: 'string' } } })
const visits = Math.ceil(Number(values.events ?? 200_000) / visitOf.events)
const events = visits * visitOf.events
const say = (line: string) => process.stdout.write(`${line}\n`)
const forms = [
  { shards: 1, pipelines: 1 },
  { shards: 2, pipelines: 1 },
  { shards: 3, pipelines: 1 },
  { shards: 3, pipelines: 2 },
  { shards: 3, pipelines: 4 },
]
type Form = (typeof forms)[number]

/** CPU seconds that a process has used, with its threads (proc_pid_stat(5)); a hundred ticks are a second on Linux. */
const cpuOf = (pid: number | undefined): number => {
  const [, text = ''] = pid === undefined ? [] : readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  const fields = text.split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100
}
const cpuOfAll = (of: readonly { pid(): number | undefined }[]): number =>
  of.reduce((sum, each) => sum + cpuOf(each.pid()), 0)

const visitsAtOnce = 5000

/** Puts all visits on the topic, as a collector does. */
const fill = async (env: Record<string, string>): Promise<void> => {
  const sender = await openStreamSender({
    target: readStreamTarget(env.CLICKWATCH_STREAM),
    credentials: readStreamCredentials({}),
    partitions: Number(env.CLICKWATCH_PARTITIONS),
    logger: pino({ level: 'error' }),
  })
  for (let at = 0; at < visits; at += visitsAtOnce) {
    const records = Array.from({ length: Math.min(visitsAtOnce, visits - at) }, (_, index) => ({
      from: 'bench',
      number: at + index,
      ...visitOf(at + index, visits),
    }))
    await sender.send(records)
  }
  await sender.close()
}

const questions = [
  { metrics: ['visitors', 'pageviews', 'visits', 'bounce_rate'] },
  { metrics: ['visitors', 'pageviews'], dimensions: ['time:day'] },
  { metrics: ['visitors', 'pageviews'], dimensions: ['event:page'] },
  { metrics: ['visitors', 'visits'], dimensions: ['visit:country'], filters: [['is', 'visit:source', ['Google']]] },
]
const turns = 7

/** Milliseconds that the questions of a dashboard take, one after the other: the middle of several times. */
const askAll = async ({ port }: Member): Promise<number> => {
  const times: number[] = []
  for (let turn = 0; turn < turns; turn++) {
    const startedAt = performance.now()
    for (const question of questions) {
      const response = await fetch(`http://127.0.0.1:${port}/api/v2/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ site_id: 'bench', date_range: ['2026-06-01', '2026-07-31'], ...question }),
      })
      if (!response.ok) throw new Error(`query: ${response.status} ${await response.text()}`)
      await response.arrayBuffer()
    }
    times.push(performance.now() - startedAt)
  }
  return median(times)
}

type Measured = Form & { perSecond: number; queriesMs: number; pipelineCpu: number; clickHouseCpu: number }

const measure = async (backing: Backing, { shards, pipelines }: Form): Promise<Measured> => {
  const env = await newInstallation(backing, { shards })
  await fill(env)
  const cluster = await startCluster(env, { collectors: 1, pipelines, apis: 1, areWaiting: true })
  const store = await openStore(readConfig(env).clickhouse, '')
  try {
    const nodes = backing.clickHouse.nodes.slice(0, shards)
    const before = cpuOfAll(nodes)
    const [first, ...others] = cluster.pipelines
    await first?.start()
    await Promise.all(others.map((pipeline) => pipeline.start()))
    const stored = async (): Promise<number> =>
      (await store.query<{ events: number }>('SELECT sum(sign) AS events FROM silver.events'))[0]?.events ?? 0
    const [had, startedAt] = [await stored(), performance.now()]
    while ((await stored()) < events) await sleep(200)
    const perSecond = (events - had) / ((performance.now() - startedAt) / 1000)
    const perMillion = 1_000_000 / events
    const [pipelineCpu, clickHouseCpu] = [
      cpuOfAll(cluster.pipelines) * perMillion,
      (cpuOfAll(nodes) - before) * perMillion,
    ]
    const [api] = cluster.apis
    if (!api) throw new Error('an API process is expected')
    await api.start()
    return { shards, pipelines, perSecond, queriesMs: await askAll(api), pipelineCpu, clickHouseCpu }
  } finally {
    await store.close()
    await cluster.dispose()
  }
}

const sentAtOnce = 20
const deliveries = 2000

/** CPU seconds of a collector for a million events that browsers send, some to a request. */
const measureCollector = async (backing: Backing): Promise<number> => {
  const cluster = await startCluster(await newInstallation(backing), {
    collectors: 1,
    pipelines: 1,
    apis: 1,
    areWaiting: true,
  })
  const [collector] = cluster.collectors
  if (!collector) throw new Error('a collector is expected')
  try {
    await collector.start()
    const before = cpuOf(collector.pid())
    let sent = 0
    const sender = async () => {
      while (sent < deliveries) {
        const body = JSON.stringify(
          batch(
            `visitor ${sent}`,
            `visit ${sent++}`,
            Array.from({ length: 5 }, () => event()),
          ),
        )
        const response = await fetch(`http://127.0.0.1:${collector.port}/e`, { method: 'POST', body })
        if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`)
        await response.arrayBuffer()
      }
    }
    await Promise.all(Array.from({ length: sentAtOnce }, sender))
    return ((cpuOf(collector.pid()) - before) * 1_000_000) / (deliveries * 5)
  } finally {
    await cluster.dispose()
  }
}

const backing = await startBacking(3)
try {
  const collectorCpu = await measureCollector(backing)
  say(`collector: ${collectorCpu.toFixed(0)} CPU seconds per million events, five to a request`)
  const measured: Measured[] = []
  for (const form of forms) {
    const result = await measure(backing, form)
    measured.push(result)
    const { shards, pipelines, perSecond, queriesMs, pipelineCpu, clickHouseCpu } = result
    say(
      `${shards} shards, ${pipelines} pipelines: ${Math.round(perSecond)} events/s, four questions ${queriesMs.toFixed(0)} ms, CPU seconds per million events: ${pipelineCpu.toFixed(0)} of pipelines, ${clickHouseCpu.toFixed(0)} of ClickHouse`,
    )
  }
  say('')
  const [one, ...others] = measured
  const costOf = ({ pipelineCpu, clickHouseCpu }: Measured): number => pipelineCpu + clickHouseCpu
  const figures: Figure[] = [
    { name: 'scale_events_per_second', value: Math.min(...measured.map(({ perSecond }) => perSecond)), atLeast: 1000 },
    { name: 'scale_questions_ms', value: Math.max(...measured.map(({ queriesMs }) => queriesMs)), atMost: 2000 },
    // To be shared out may not make the work itself much more.
    {
      name: 'scale_cpu_of_most_to_least_shared',
      value: Math.max(...others.map(costOf)) / (one ? costOf(one) : Number.NaN),
      atMost: 2,
    },
  ]
  report(figures)
} finally {
  await backing.dispose()
}
