import { type Config, readConfig } from '../config.ts'
import { sentenceOf } from '../errors.ts'
import type { Role } from '../roles/role.ts'
import { exitCodes } from './command.ts'
import { lockDataFolder } from './lock.ts'
import { untilAskedToStop } from './serve.ts'

// Each loads what it needs alone.
const roles = {
  collector: {
    open: async (config) => (await import('../roles/apart/collector.ts')).openCollectorApart(config),
    welcome: (port: number) => `The collector takes events in at http://localhost:${port}`,
  },
  pipeline: {
    open: async (config) => (await import('../roles/apart/pipeline.ts')).openPipeline(config),
    welcome: (port: number) => `The pipeline is at work; http://localhost:${port}/readyz says on what`,
  },
  api: {
    open: async (config) => (await import('../roles/apart/api.ts')).openApi(config),
    welcome: (port: number) => `The dashboard is at http://localhost:${port}`,
  },
} satisfies Record<string, { open(config: Config): Promise<Role & { port: number }>; welcome(port: number): string }>

export type ApartRole = keyof typeof roles

const run = async (name: ApartRole, port: number | undefined): Promise<void> => {
  const config = { ...readConfig(process.env), ...(port === undefined ? {} : { port }) }
  const asked = untilAskedToStop()
  // What the collector has acknowledged lies in its folder until it is on the stream.
  const lock = name === 'collector' ? lockDataFolder(config.dataFolder) : undefined
  const { open, welcome } = roles[name]
  const role = await open(config)
  process.stdout.write(`${welcome(role.port)}\n`)
  await asked
  process.stdout.write('Stopping …\n')
  await role.stop()
  lock?.release()
  process.stdout.write('Stopped.\n')
}

/**
 * `clickwatch collector|pipeline|api`: one role of several that run apart, until Ctrl-C or SIGTERM. A start that fails ends the process
 * as well: whatever it had opened by then would keep it, and nobody would start another.
 */
export const runApart = async (name: ApartRole, port: number | undefined): Promise<never> => {
  try {
    await run(name, port)
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exit(exitCodes.failed)
  }
  // Everything is closed and on its way; a connection that a client was still making when it was closed would keep the process.
  process.exit(exitCodes.done)
}
