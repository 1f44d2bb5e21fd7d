import type { Readable } from 'node:stream'
import { type Entry, openPromise } from 'yauzl'
import { messageOf, StartError } from '../../errors.ts'

/** The files of an archive, which are read in any order, and several at once. */
export type Archive = {
  /** Their names, without folders, and how many bytes each is once it is unpacked. */
  files: ReadonlyMap<string, number>
  read(name: string): Promise<Readable>
  close(): void
}

/** @throws {StartError} where a file is no zip */
export const openArchive = async (path: string): Promise<Archive> => {
  const refused = (error: unknown): never => {
    throw new StartError(`${path} is no whole zip file: ${messageOf(error)}.`, { cause: error })
  }
  const archive = await openPromise(path, { autoClose: false }).catch(refused)
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of archive.eachEntry()) {
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName.split('/').at(-1) ?? '', entry)
    }
  } catch (error) {
    archive.close()
    refused(error)
  }
  return {
    files: new Map([...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize])),
    async read(name) {
      const entry = entries.get(name)
      if (!entry) throw new Error(`there is no ${name} in ${path}`)
      return archive.openReadStreamPromise(entry)
    },
    close: () => archive.close(),
  }
}
