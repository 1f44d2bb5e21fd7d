import { readConfig } from '../config.ts'
import { messageOf, StartError } from '../errors.ts'
import { openCollector, openEngine, type Role } from '../roles.ts'
import type { FromChild, ToChild } from './messages.ts'

const openers: Record<string, (socketPath: string) => Promise<Role & { port?: number }>> = {
  collector: (socketPath) => openCollector(readConfig(process.env), { socketPath }),
  engine: (socketPath) => openEngine(readConfig(process.env), socketPath),
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

  const open = openers[name]
  if (!open) throw new Error(`there is no role '${name}'`)
  let role: Role & { port?: number }
  try {
    role = await open(socketPath)
  } catch (error) {
    const sentence = error instanceof StartError ? error.message : `The ${name} could not start: ${messageOf(error)}`
    tell({ type: 'failed', sentence })
    process.exit(1)
  }
  process.on('message', (message: ToChild) => {
    if (message.type !== 'stop') return
    role.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The ${name} did not stop cleanly: ${messageOf(error)}\n`)
        process.exit(1)
      },
    )
  })
  tell({ type: 'ready', ...(role.port === undefined ? {} : { port: role.port }) })
}

await run(process.argv[2] ?? '', process.argv[3] ?? '')
