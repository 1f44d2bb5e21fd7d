import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { byBytes, normalizedPrefix } from './paths.ts'
import type { Storage, StoredFile } from './storage.ts'

export interface S3Place {
  /** A client of the caller's making, who knows region, endpoint and where its keys come from. */
  readonly client: S3Client
  readonly bucket: string
  /** The table's folder in the bucket; the bucket itself where it is left out. */
  readonly prefix?: string
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode

const keysADelete = 1000
const attemptsAtOnce = 20

/** Amazon S3, and what speaks its protocol with conditional writes (If-None-Match: *): MinIO, Ceph, R2, VersityGW … */
export class S3Storage implements Storage {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #prefix: string

  constructor({ client, bucket, prefix = '' }: S3Place) {
    this.#client = client
    this.#bucket = bucket
    this.#prefix = normalizedPrefix(prefix)
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined> {
    const Range = range && `bytes=${range.start}-${range.end - 1}`
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ ...this.#object(path), ...(Range && { Range }) }))
      return await Body?.transformToByteArray()
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  }

  async stat(path: string): Promise<StoredFile | undefined> {
    try {
      const head = await this.#client.send(new HeadObjectCommand(this.#object(path)))
      return { path, sizeBytes: head.ContentLength ?? 0, modifiedMs: head.LastModified?.getTime() ?? 0 }
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw error
    }
  }

  async putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    for (let tried = 1; ; tried++) {
      try {
        await this.#client.send(new PutObjectCommand({ ...this.#object(path), Body: bytes, IfNoneMatch: '*' }))
        return true
      } catch (error) {
        const status = statusOf(error)
        if (status === 412) return false
        // 409: another conditional write of this key is under way, and which of the two is first is not settled; S3 asks to try again.
        if (status !== 409 || tried === attemptsAtOnce) throw error
      }
    }
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#object(path), Body: bytes }))
  }

  async *list(folder: string, after = ''): AsyncIterable<StoredFile> {
    const Prefix = `${this.#prefix}${normalizedPrefix(folder)}`
    const StartAfter = after === '' ? undefined : `${this.#prefix}${after}`
    let ContinuationToken: string | undefined
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix,
          ...(StartAfter && { StartAfter }),
          ...(ContinuationToken && { ContinuationToken }),
        }),
      )
      for (const { Key, Size, LastModified } of page.Contents ?? []) {
        // What stands for an empty folder in some tools ends with a slash.
        if (Key === undefined || Key.endsWith('/')) continue
        const path = Key.slice(this.#prefix.length)
        if (byBytes(path, after) > 0) yield { path, sizeBytes: Size ?? 0, modifiedMs: LastModified?.getTime() ?? 0 }
      }
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (ContinuationToken !== undefined)
  }

  async delete(paths: readonly string[]): Promise<void> {
    for (let from = 0; from < paths.length; from += keysADelete) {
      const Objects = paths.slice(from, from + keysADelete).map((path) => ({ Key: `${this.#prefix}${path}` }))
      const { Errors } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }),
      )
      const kept = Errors?.find(({ Code }) => Code !== 'NoSuchKey')
      if (kept) throw new Error(`${kept.Key} was not deleted: ${kept.Code} ${kept.Message}`)
    }
  }

  #object(path: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${path}` }
  }
}
