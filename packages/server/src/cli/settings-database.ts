import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type Config, readConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { createLogger } from '../http/server.ts'
import { type Metadata, metadataFile, openMetadata } from '../metadata/database.ts'
import { metadataOf } from '../roles/role.ts'
import { exitCodes } from './command.ts'

/** What a command that asks the database alone is called in the audit log. */
export const commandLine = 'the command line'

export const print = (line: string): boolean => process.stdout.write(`${line}\n`)

/**
 * Does something in the database of what people set up; a server that runs beside knows of it at once.
 * @throws {StartError} where no server has made it yet
 */
export const withMetadata = async (
  work: (metadata: Metadata, config: Config, logger: Logger) => Promise<void>,
): Promise<number> => {
  const config = readConfig(process.env)
  if (config.databaseUrl === undefined && !existsSync(join(config.dataFolder, metadataFile))) {
    throw new StartError(
      `There is no ${metadataFile} in ${config.dataFolder}: start the server once, or name its folder by CLICKWATCH_DATA.`,
    )
  }
  const logger = createLogger('clickwatch', config.logLevel)
  const metadata = await openMetadata(metadataOf(config, logger))
  try {
    await work(metadata, config, logger)
    return exitCodes.done
  } finally {
    await metadata.destroy()
  }
}
