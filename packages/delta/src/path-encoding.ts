import { DeltaError } from './errors.ts'

// "Add File and Remove File": a path is a URI-reference relative to the table, or an absolute URI. And the folders that Hive's custom gives
// to partitions escape what a file system or a shell might take amiss; so a value with a space or a percent sign is escaped twice in the log.

/** What Hive escapes in the name of a partition's folder, and what Windows refuses. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are among what is escaped
const awkward = /[\u0000-\u001f\u007f"#%'*/:=?\\{[\]^<>| ]/g

const escaped = (text: string): string =>
  text.replace(awkward, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

const nullFolder = '__HIVE_DEFAULT_PARTITION__'

/** site=shop/date=2026-01-31, in the order of the table's partition columns; '' where there are none. */
export const partitionFolder = (columns: readonly string[], values: Readonly<Record<string, string | null>>): string =>
  columns.map((column) => `${escaped(column)}=${values[column] ? escaped(values[column]) : nullFolder}`).join('/')

/** A file's path as the log writes it. */
export const encodePath = (path: string): string =>
  path
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/%(3D|3A|40|24|26|2B|2C|3B)/g, (kept) => decodeURIComponent(kept)))
    .join('/')

/** A file's path as its storage knows it. An absolute URI, as a shallow clone has it, stays what it is. */
export const decodePath = (path: string): string => {
  if (isAbsolutePath(path)) return path
  try {
    return decodeURIComponent(path)
  } catch (error) {
    throw new DeltaError('corrupt_log', `the path ${path} is not encoded as URIs are`, { cause: error })
  }
}

export const isAbsolutePath = (path: string): boolean => /^([a-z][a-z0-9+.-]*:\/|\/)/i.test(path)
