import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, isShared, readConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import type { LakeTarget } from '../lake/target.ts'
import { importInto, slowly } from '../roles/restore.ts'
import { lockDataFolder } from './lock.ts'

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Into the servers that roles share, where all of them are named. */
const importShared = async (config: Config, target: LakeTarget): Promise<number> => {
  const { importApart } = await import('../roles/apart/import.ts')
  const records = await importApart(
    config,
    target,
    slowly((done, total) => say(`${done} of ${total} records`)),
  )
  say(`${records} records are imported. Start the pipelines.`)
  return 0
}

/** `clickwatch import lake`: makes a new data folder of the lake that CLICKWATCH_LAKE names, or fills the empty servers of a cluster. */
export const importLake = async (): Promise<number> => {
  const config = readConfig(process.env)
  if (!config.lake) throw new StartError('CLICKWATCH_LAKE is missing: it names the lake to import (docs/lake.md).')
  const { target } = config.lake
  if (isShared(config)) return importShared(config, target)
  if (config.clickhouse) {
    throw new StartError(
      'CLICKWATCH_CLICKHOUSE is set: with it, import lake needs the stream and the database that roles share, CLICKWATCH_STREAM and CLICKWATCH_DATABASE. Without it, it fills a data folder, of which a backup can be restored with it set.',
    )
  }
  if (existsSync(join(config.dataFolder, 'positions', 'data.mdb'))) {
    throw new StartError(`${config.dataFolder} holds data already. Name a new folder by CLICKWATCH_DATA.`)
  }
  mkdirSync(config.dataFolder, { recursive: true })
  const lock = lockDataFolder(config.dataFolder)
  try {
    const records = await importInto(config, target, say)
    say(`${records} records are imported into ${config.dataFolder}.`)
    return 0
  } finally {
    lock.release()
  }
}
