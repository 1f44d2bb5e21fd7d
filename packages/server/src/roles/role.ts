import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { MetadataPlace } from '../metadata/database.ts'

/** A role under way. */
export type Role = { stop(): Promise<void> }

/** Where each part of an installation keeps what it has, all of them there. */
export const folders = (config: Config) => {
  const folder = (name: string): string => {
    const path = join(config.dataFolder, name)
    mkdirSync(path, { recursive: true })
    return path
  }
  return { stream: folder('stream'), spool: folder('spool'), positions: folder('positions'), store: folder('store') }
}

export const metadataOf = (config: Config, logger: Logger): MetadataPlace => ({
  folder: config.dataFolder,
  url: config.databaseUrl,
  onLost: (reason) => logger.warn(`a connection to the database broke (${reason}); the next question makes another`),
})

export const streamOptionsOf = (
  { stream: target, streamCredentials: credentials, partitions }: Config,
  logger: Logger,
) => ({
  target,
  credentials,
  partitions,
  logger,
})
