/** A file of a table. Paths are relative to the table's root, with slashes, and as they are: not encoded. */
export interface StoredFile {
  readonly path: string
  readonly sizeBytes: number
  readonly modifiedMs: number
}

/**
 * What a Delta table asks of where it lies. All of the log's safety rests on `putIfAbsent`: of any number of writers of one path,
 * anywhere, exactly one is told true, and what it wrote is durable and never seen in part.
 */
export interface Storage {
  /** The file's bytes, or those from `start` to before `end`; undefined where there is no such file. */
  read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined>
  /** Size and time of a file; undefined where there is none. */
  stat(path: string): Promise<StoredFile | undefined>
  /** Writes the file whole unless it exists; says whether it did. */
  putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean>
  /** Writes the file whole, in the place of what is there. */
  put(path: string, bytes: Uint8Array): Promise<void>
  /** Every file below a folder ('' is the root), in no promised order; `after` leaves out the paths up to it, in the order of their bytes. */
  list(folder: string, after?: string): AsyncIterable<StoredFile>
  /** Removes files; those that are gone already are no error. */
  delete(paths: readonly string[]): Promise<void>
}
