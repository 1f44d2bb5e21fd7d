import { parseArgs } from 'node:util'
import { newInstallation, startBacking, startCluster } from '../test/fixtures/cluster.ts'

// `npm run cluster [-- --shards 3 --collectors 2 --pipelines 2 --apis 2 --port 8080]`: the distributed form on this machine, with
// everything that it stands on, until Ctrl-C. What it keeps is gone then.

const whole = { type: 'string' } as const
const { values } = parseArgs({
  options: { shards: whole, collectors: whole, pipelines: whole, apis: whole, port: whole, partitions: whole },
})
const countOf = (name: keyof typeof values, usual: number): number => {
  const count = Number(values[name] ?? usual)
  if (Number.isInteger(count) && count > 0) return count
  throw new Error(`--${name} is '${values[name]}'; a whole number from 1 on is expected.`)
}
const say = (line: string) => process.stdout.write(`${line}\n`)

let isOver = false
const asked = new Promise<void>((resolve) => {
  const end = (): void => {
    isOver = true
    resolve()
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
})

const runUntilAsked = async (): Promise<void> => {
  const shards = countOf('shards', 3)
  say(`Starting ${shards} ClickHouse nodes, PostgreSQL and Kafka …`)
  const backing = await startBacking(shards)
  try {
    say('Starting ClickWatch …')
    const env = await newInstallation(backing, { partitions: countOf('partitions', 4) })
    const cluster = await startCluster(env, {
      collectors: countOf('collectors', 2),
      pipelines: countOf('pipelines', 2),
      apis: countOf('apis', 2),
      port: countOf('port', 8080),
    })
    try {
      say(`
  The dashboard is at ${cluster.baseUrl}; events go there, too: try ${cluster.baseUrl}/demo/
`)
      for (const { role, port } of [...cluster.collectors, ...cluster.pipelines, ...cluster.apis]) {
        say(`  ${role.padEnd(10)} http://127.0.0.1:${port}   /healthz /readyz /metrics`)
      }
      say(`
  For the command line, such as npx clickwatch verify:
${Object.entries(env)
  .map(([name, value]) => `    export ${name}='${value}'`)
  .join('\n')}

  Ctrl-C ends it, and what it has stored.
`)
      await asked
      say('Stopping …')
    } finally {
      await cluster.dispose()
    }
  } finally {
    await backing.dispose()
  }
}

try {
  await runUntilAsked()
} catch (error) {
  // Ctrl-C reaches whatever is being started, too, which then has not started.
  if (!isOver) throw error
}
