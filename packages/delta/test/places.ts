import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { LocalStorage } from '../src/storage/local.ts'

/** Folders on disk by their names, gone when the tests of a file are done. */
export const localPlaces = (): ((name: string) => LocalStorage) => {
  const folder = mkdtempSync(join(tmpdir(), 'delta-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return (name) => new LocalStorage(join(folder, name))
}
