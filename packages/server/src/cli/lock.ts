import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf, StartError, systemCodeOf } from '../errors.ts'

const whyUnusable: Record<string, string> = {
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
}

const unusable = (folder: string, error: unknown): StartError =>
  new StartError(
    `The data folder ${folder} cannot be used: ${whyUnusable[systemCodeOf(error) ?? ''] ?? messageOf(error)}. Choose another with CLICKWATCH_DATA.`,
    { cause: error },
  )

/**
 * Takes a data folder for this process, until it ends in whatever way. The lock is the one of SQLite, which the operating system
 * takes back by itself from a process that was killed.
 * @throws {StartError} when the folder cannot be written to, or another instance has it
 */
export const lockDataFolder = (folder: string): { release(): void } => {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw unusable(folder, error)
  }
  const path = join(folder, 'lock.sqlite')
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path)
  } catch (error) {
    throw unusable(folder, error)
  }
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!/locked/.test(messageOf(error))) throw unusable(folder, error)
    throw new StartError(
      `The data folder ${folder} is in use by another ClickWatch. Stop that one, or choose another folder with CLICKWATCH_DATA.`,
      { cause: error },
    )
  }
  return { release: () => database.close() }
}
