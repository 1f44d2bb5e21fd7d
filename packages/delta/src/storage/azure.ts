import type { ContainerClient } from '@azure/storage-blob'
import { byBytes, normalizedPrefix } from './paths.ts'
import type { Storage, StoredFile } from './storage.ts'

export interface AzurePlace {
  /** A client of the caller's making, who knows the account and how to sign in. */
  readonly container: ContainerClient
  /** The table's folder in the container; the container itself where it is left out. */
  readonly prefix?: string
}

const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number } | undefined)?.statusCode

/** Azure Blob Storage; and ADLS Gen2 and OneLake, which answer to the same API at their blob endpoints. */
export class AzureStorage implements Storage {
  readonly #container: ContainerClient
  readonly #prefix: string

  constructor({ container, prefix = '' }: AzurePlace) {
    this.#container = container
    this.#prefix = normalizedPrefix(prefix)
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined> {
    try {
      const count = range && range.end - range.start
      return await this.#blob(path).downloadToBuffer(range?.start ?? 0, count)
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  }

  async stat(path: string): Promise<StoredFile | undefined> {
    try {
      const { contentLength, lastModified } = await this.#blob(path).getProperties()
      return { path, sizeBytes: contentLength ?? 0, modifiedMs: lastModified?.getTime() ?? 0 }
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  }

  async putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#blob(path).upload(bytes, bytes.length, { conditions: { ifNoneMatch: '*' } })
      return true
    } catch (error) {
      const status = statusOf(error)
      if (status === 409 || status === 412) return false
      throw error
    }
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    await this.#blob(path).upload(bytes, bytes.length)
  }

  async *list(folder: string, after = ''): AsyncIterable<StoredFile> {
    const prefix = `${this.#prefix}${normalizedPrefix(folder)}`
    for await (const { name, properties, metadata } of this.#container.listBlobsFlat({
      prefix,
      includeMetadata: true,
    })) {
      // Where the account has real folders (ADLS), they are listed among the files.
      if (metadata?.hdi_isfolder === 'true') continue
      const path = name.slice(this.#prefix.length)
      if (byBytes(path, after) <= 0) continue
      yield { path, sizeBytes: properties.contentLength ?? 0, modifiedMs: properties.lastModified.getTime() }
    }
  }

  async delete(paths: readonly string[]): Promise<void> {
    for (const path of paths) await this.#blob(path).deleteIfExists()
  }

  #blob(path: string) {
    return this.#container.getBlockBlobClient(`${this.#prefix}${path}`)
  }
}
