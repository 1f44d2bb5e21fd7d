import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, relative, sep } from 'node:path'
import { byBytes } from './paths.ts'
import type { Storage, StoredFile } from './storage.ts'

// A file is written beside its place, flushed, and then linked (link(2) refuses an existing name) or renamed into it: so it is there whole or
// not at all, also after a power cut. What a kill leaves is a hidden file that no reader looks at, and that a vacuum removes.

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')

const orUndefined = async <T>(asked: Promise<T>): Promise<T | undefined> => {
  try {
    return await asked
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const flushFolder = async (folder: string): Promise<void> => {
  // Windows has no such thing as flushing a folder; its own journal keeps names.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export class LocalStorage implements Storage {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined> {
    if (range === undefined) return orUndefined(readFile(this.#place(path)))
    const handle = await orUndefined(open(this.#place(path), 'r'))
    if (handle === undefined) return undefined
    try {
      const bytes = new Uint8Array(range.end - range.start)
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, range.start)
      return bytes.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  }

  async stat(path: string): Promise<StoredFile | undefined> {
    const found = await orUndefined(stat(this.#place(path)))
    return found?.isFile() ? { path, sizeBytes: found.size, modifiedMs: found.mtimeMs } : undefined
  }

  async putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    const place = this.#place(path)
    const beside = await this.#writeBeside(place, bytes)
    try {
      await link(beside, place)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      await rm(beside, { force: true })
    }
    await flushFolder(dirname(place))
    return true
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    const place = this.#place(path)
    await rename(await this.#writeBeside(place, bytes), place)
    await flushFolder(dirname(place))
  }

  async *list(folder: string, after = ''): AsyncIterable<StoredFile> {
    const top = this.#place(folder)
    const entries = (await orUndefined(readdir(top, { recursive: true, withFileTypes: true }))) ?? []
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((path) => byBytes(path, after) > 0)
    for (const path of paths) {
      const file = await this.stat(path)
      if (file !== undefined) yield file
    }
  }

  async delete(paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(this.#place(path), { force: true })
  }

  #place(path: string): string {
    const inside = normalize(path)
    if (isAbsolute(inside) || inside.split(sep).includes('..')) throw new Error(`${path} is not below the table`)
    return join(this.root, inside)
  }

  async #writeBeside(place: string, bytes: Uint8Array): Promise<string> {
    const folder = dirname(place)
    await this.#makeFolder(folder)
    const beside = join(folder, `.${randomUUID()}.tmp`)
    const handle = await open(beside, 'wx')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return beside
  }

  /** Makes a folder with those above it; each new name is flushed in the folder that holds it. */
  async #makeFolder(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true })
    if (first === undefined) return
    for (let made = folder; ; made = dirname(made)) {
      await flushFolder(dirname(made))
      if (made === first || dirname(made) === made) return
    }
  }
}
