import { type Config, readConfig } from '../config.ts'
import { messageOf, StartError } from '../errors.ts'
import type { Role } from '../roles/role.ts'
import type { FromChild, ToChild } from './messages.ts'

type Open = (config: Config, socketPath: string) => Promise<Role & { port?: number }>

// Each loads what it needs alone: a collector has no ClickHouse in memory.
const loaders: Record<string, () => Promise<Open>> = {
  async collector() {
    const { openCollector } = await import('../roles/collector.ts')
    return (config, socketPath) => openCollector(config, { socketPath })
  },
  engine: async () => (await import('../roles/engine.ts')).openEngine,
}

const tell = (message: FromChild): void => {
  process.send?.(message)
}

/** Runs one role as a child of the supervisor: `role.ts <collector|engine> <socket path>`. */
const run = async (name: string, socketPath: string): Promise<void> => {
  // Ctrl-C reaches every process of the terminal at once; the supervisor decides the order of stopping.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => undefined)
  // Without a supervisor nobody would ever stop this process, nor restart it.
  process.on('disconnect', () => process.exit(1))

  const go = Promise.withResolvers<void>()
  let role: (Role & { port?: number }) | undefined
  const stop = async (): Promise<void> => {
    try {
      await role?.stop()
      process.exit(0)
    } catch (error) {
      process.stderr.write(`The ${name} did not stop cleanly: ${messageOf(error)}\n`)
      process.exit(1)
    }
  }
  process.on('message', (message: ToChild) => {
    if (message.type === 'go') go.resolve()
    else void stop()
  })

  const load = loaders[name]
  if (!load) throw new Error(`there is no role '${name}'`)
  try {
    const open = await load()
    await go.promise
    role = await open(readConfig(process.env), socketPath)
  } catch (error) {
    const sentence = error instanceof StartError ? error.message : `The ${name} could not start: ${messageOf(error)}`
    tell({ type: 'failed', sentence })
    process.exit(1)
  }
  tell({ type: 'ready', ...(role.port === undefined ? {} : { port: role.port }) })
}

await run(process.argv[2] ?? '', process.argv[3] ?? '')
