import { resolve } from 'node:path'
import { StartError } from '../errors.ts'

/** Where the lake's tables lie. Keys come by the environment, in the variables that the makers' own tools read. */
export type LakeTarget =
  | { kind: 'folder'; path: string }
  | { kind: 's3'; bucket: string; prefix: string; endpoint: string | undefined; region: string }
  | {
      kind: 'azure'
      /** The endpoint for blobs: ADLS Gen2 and OneLake have one beside theirs. */
      endpoint: string
      container: string
      prefix: string
      /** What signs a request; without any of them, whoever runs the process is who it says it is (Entra ID). */
      connectionString: string | undefined
      accountKey: string | undefined
      sasToken: string | undefined
    }

/** What the operator decides of the lake. */
export type LakeConfig = {
  target: LakeTarget
  /** How long what is new may wait before it is added. */
  everyMs: number
  /** How many records may wait: beyond them, it is added at once. */
  everyRecords: number
  /** How often what has changed since it was written is written anew. */
  rewriteEveryMs: number
  /** How long files stay that no version has any more. */
  fileRetentionHours: number
}

const expected =
  'a folder, s3://bucket/prefix, abfss://container@account.dfs.core.windows.net/prefix, https://account.dfs.core.windows.net/container/prefix, or a connection string of Azure Storage with ;Container=name is expected.'
// Never with what was given: it may hold a key.
const wrong = (what: string): StartError => new StartError(`CLICKWATCH_LAKE ${what}; ${expected}`)

const trimmed = (path: string): string => path.replace(/^\/+|\/+$/g, '')

const s3 = (text: string, env: NodeJS.ProcessEnv): LakeTarget => {
  const [, bucket = '', prefix = ''] = /^s3a?:\/\/([^/?#]+)(\/[^?#]*)?$/.exec(text) ?? []
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw wrong('names no bucket')
  return {
    kind: 's3',
    bucket,
    prefix: trimmed(prefix),
    endpoint: env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined,
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1',
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('has a % that is followed by no two digits')
  }
}

/** OneLake's workspaces are its containers, and its lakehouses folders in them. */
const azureAt = (host: string, container: string, path: string, env: NodeJS.ProcessEnv): LakeTarget => {
  const prefix = trimmed(decoded(path))
  if (container === '' || !host.includes('.')) throw wrong('names no container of an account')
  if (host.endsWith('.fabric.microsoft.com') && !prefix.includes('/')) {
    throw wrong('names no folder of an item of OneLake, such as traffic.Lakehouse/Tables')
  }
  return {
    kind: 'azure',
    endpoint: `https://${host.replace('.dfs.', '.blob.')}`,
    container: decoded(container),
    prefix,
    connectionString: undefined,
    accountKey: env.AZURE_STORAGE_KEY || undefined,
    sasToken: env.AZURE_STORAGE_SAS_TOKEN?.replace(/^\?/, '') || undefined,
  }
}

const abfss = (text: string, env: NodeJS.ProcessEnv): LakeTarget => {
  const [, container = '', host = '', path = ''] = /^abfss?:\/\/([^@/]+)@([\w.-]+)(\/[^?#]*)?$/.exec(text) ?? []
  return azureAt(host, container, path, env)
}

/** The same place, as Azure and Fabric show it in their properties. */
const https = (text: string, env: NodeJS.ProcessEnv): LakeTarget => {
  if (/[?#]/.test(text)) throw wrong('has more than a place in it: a signature is AZURE_STORAGE_SAS_TOKEN')
  const [, host = '', container = '', path = ''] =
    /^https:\/\/([\w-]+(?:\.[\w-]+)*\.(?:dfs|blob)\.[\w.-]+)\/([^/]+)(\/.*)?$/.exec(text) ?? []
  return azureAt(host, container, path, env)
}

/** One of Azure Storage's own, with two settings of ours at its end: the container, and a folder in it. Without a key or a signature it is the address alone. */
const connectionString = (text: string): LakeTarget => {
  const parts = text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => [part.split('=', 1)[0]?.trim() ?? '', part.slice(part.indexOf('=') + 1).trim()] as const)
  const of = (name: string) => parts.find(([key]) => key.toLowerCase() === name)?.[1]
  const container = of('container')
  if (!container) throw wrong('is a connection string without ;Container=name')
  const protocol = of('defaultendpointsprotocol') ?? 'https'
  const endpoint =
    of('blobendpoint') ?? `${protocol}://${of('accountname') ?? ''}.blob.${of('endpointsuffix') ?? 'core.windows.net'}`
  if (!of('blobendpoint') && !of('accountname')) throw wrong('is a connection string without an account')
  const kept = parts.filter(([key]) => !['container', 'prefix'].includes(key.toLowerCase()))
  return {
    kind: 'azure',
    endpoint: endpoint.replace(/\/$/, ''),
    container,
    prefix: trimmed(of('prefix') ?? ''),
    connectionString: of('accountkey') ? kept.map(([key, value]) => `${key}=${value}`).join(';') : undefined,
    accountKey: undefined,
    sasToken: of('sharedaccesssignature')?.replace(/^\?/, ''),
  }
}

/**
 * Reads CLICKWATCH_LAKE; undefined is no lake.
 * @throws {StartError} with what was expected
 */
export const readLakeTarget = (env: NodeJS.ProcessEnv): LakeTarget | undefined => {
  const text = env.CLICKWATCH_LAKE
  if (!text) return undefined
  if (/^s3a?:\/\//.test(text)) return s3(text, env)
  if (/^abfss?:\/\//.test(text)) return abfss(text, env)
  if (/^https:\/\//.test(text)) return https(text, env)
  if (/(^|;)\s*(AccountName|BlobEndpoint)=/i.test(text)) return connectionString(text)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw wrong('is of no kind that is known')
  if (env.CLICKWATCH_CLICKHOUSE) {
    throw new StartError(
      'CLICKWATCH_LAKE names a folder, and the servers that CLICKWATCH_CLICKHOUSE names write its files, each on a disk of its own; with those, s3://… or a place at Azure is expected.',
    )
  }
  return { kind: 'folder', path: resolve(text) }
}

/** How the target is called where people read it: without a key. */
export const nameOfTarget = (target: LakeTarget): string => {
  if (target.kind === 'folder') return target.path
  const prefix = target.prefix === '' ? '' : `/${target.prefix}`
  if (target.kind === 's3') return `s3://${target.bucket}${prefix}`
  return `${target.endpoint}/${target.container}${prefix}`
}
