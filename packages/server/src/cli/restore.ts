import { existsSync, mkdirSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { copyMetadataFile } from '../metadata/copy.ts'
import { metadataFile } from '../metadata/database.ts'
import { restoreInto } from '../roles/restore.ts'
import { openEmptyDatabase } from './database.ts'
import { lockDataFolder } from './lock.ts'

/** `clickwatch restore DIR`: puts a backup into a new data folder, and an empty database where one is named, and makes silver and gold of it. */
export const restoreBackup = async (folder: string): Promise<number> => {
  const config = readConfig(process.env)
  if (existsSync(join(config.dataFolder, 'positions', 'data.mdb'))) {
    throw new StartError(`${config.dataFolder} holds data already. Name a new folder by CLICKWATCH_DATA.`)
  }
  mkdirSync(config.dataFolder, { recursive: true })
  const lock = lockDataFolder(config.dataFolder)
  try {
    // Before what takes long.
    const { dataFolder, databaseUrl } = config
    const database = databaseUrl === undefined ? undefined : await openEmptyDatabase(dataFolder, databaseUrl)
    const { records, files } = await restoreInto(config, resolve(folder), (line) => process.stdout.write(`${line}\n`))
    for (const file of files) {
      if (database && basename(file) === metadataFile) await copyMetadataFile(file, database)
      else await copyFile(file, join(config.dataFolder, basename(file)))
    }
    await database?.destroy()
    process.stdout.write(`${records} records are restored into ${config.dataFolder}.\n`)
    return 0
  } finally {
    lock.release()
  }
}
