import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { importInto } from '../roles/restore.ts'
import { lockDataFolder } from './lock.ts'

/** `clickwatch import lake`: makes a new data folder of the lake that CLICKWATCH_LAKE names. */
export const importLake = async (): Promise<number> => {
  const config = readConfig(process.env)
  if (!config.lake) throw new StartError('CLICKWATCH_LAKE is missing: it names the lake to import (docs/lake.md).')
  if (config.clickhouse) {
    throw new StartError(
      'CLICKWATCH_CLICKHOUSE is set, and import lake fills a data folder: leave it out, make a backup of what is imported, and restore that with it set.',
    )
  }
  if (existsSync(join(config.dataFolder, 'positions', 'data.mdb'))) {
    throw new StartError(`${config.dataFolder} holds data already. Name a new folder by CLICKWATCH_DATA.`)
  }
  mkdirSync(config.dataFolder, { recursive: true })
  const lock = lockDataFolder(config.dataFolder)
  try {
    const records = await importInto(config, config.lake.target, (line) => process.stdout.write(`${line}\n`))
    process.stdout.write(`${records} records are imported into ${config.dataFolder}.\n`)
    return 0
  } finally {
    lock.release()
  }
}
