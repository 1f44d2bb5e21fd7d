import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { copyMetadataFile, isEmptyMetadata } from '../metadata/copy.ts'
import { type Metadata, metadataFile, openMetadata } from '../metadata/database.ts'
import { lockDataFolder } from './lock.ts'

/**
 * Opens the database that CLICKWATCH_DATABASE names for something to be put into it.
 * @throws {StartError} when something is there
 */
export const openEmptyDatabase = async (dataFolder: string, url: string): Promise<Metadata> => {
  const database = await openMetadata({ folder: dataFolder, url, onLost: () => undefined })
  if (await isEmptyMetadata(database)) return database
  await database.destroy()
  throw new StartError('The database that CLICKWATCH_DATABASE names holds something already; name an empty one.')
}

/** `clickwatch database copy`: takes what people set up from the data folder into the database that is used from then on. */
export const copyDatabase = async (): Promise<number> => {
  const { dataFolder, databaseUrl } = readConfig(process.env)
  if (databaseUrl === undefined) {
    throw new StartError('CLICKWATCH_DATABASE is not set; the address of the database to copy into is expected.')
  }
  const path = join(dataFolder, metadataFile)
  if (!existsSync(path)) {
    throw new StartError(`There is no ${metadataFile} in ${dataFolder}. Another folder is named by CLICKWATCH_DATA.`)
  }
  // A server on this folder would go on changing the file.
  const lock = lockDataFolder(dataFolder)
  try {
    const database = await openEmptyDatabase(dataFolder, databaseUrl)
    try {
      const rows = await copyMetadataFile(path, database)
      process.stdout.write(
        `${rows} rows are copied. ${path} stays as it is, and is not read while CLICKWATCH_DATABASE is set.\n`,
      )
    } finally {
      await database.destroy()
    }
    return 0
  } finally {
    lock.release()
  }
}
