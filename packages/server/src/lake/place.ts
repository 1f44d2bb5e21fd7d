import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Storage } from '@clickwatch/delta'
import { LocalStorage } from '@clickwatch/delta/local'
import type { Parameters } from '../store/store.ts'
import { withPermissions } from './signature.ts'
import { type LakeTarget, nameOfTarget } from './target.ts'

/** ClickHouse's table function for some Parquet files, and what its parameters stand for: keys are among them. */
export type ParquetFiles = { sql: string; parameters: Parameters }

/** One target, as the log's storage and as ClickHouse know it. */
export type Place = {
  /** How it is called where people read it. */
  name: string
  /** The storage of a table in a folder of the lake. */
  storage(folder: string): Storage
  /**
   * Files of a table to write or to read: one, or several of which the names alone differ.
   * @param paths relative to the table's folder, none of them with anything but letters, digits and /=_.- in it
   */
  parquet(folder: string, paths: readonly [string, ...string[]]): Promise<ParquetFiles>
  /** Sees to it that a file that ClickHouse has written stays there whatever happens. */
  settle(folder: string, path: string): Promise<void>
  /** Takes out of a text what nobody is to read in it. */
  withoutSecrets(text: string): string
  close(): void
}

/** What ClickHouse reads as several files: their common beginning and what comes after it. */
const globOf = ([first, ...others]: readonly [string, ...string[]]): string =>
  others.length === 0 ? first : `{${[first, ...others].join(',')}}`

const checked = (path: string): string => {
  if (/^[\w/=.-]+$/.test(path) && !path.split('/').includes('..')) return path
  throw new Error(`'${path}' is no path of the lake's`)
}

const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join('/')

const hide = (secrets: readonly (string | undefined)[]) => (text: string) =>
  secrets.reduce<string>(
    (hidden, secret) => (secret && secret.length > 3 ? hidden.replaceAll(secret, '[hidden]') : hidden),
    text,
  )

const openFolder = (root: string): Place => ({
  name: root,
  storage: (folder) => new LocalStorage(join(root, folder)),
  async parquet(folder, paths) {
    return {
      sql: "file({lake_files:String}, 'Parquet')",
      parameters: { lake_files: join(root, folder, globOf(paths.map(checked) as [string, ...string[]])) },
    }
  },
  async settle(folder, path) {
    const file = join(root, folder, path)
    // The file, and every new name of a folder above it.
    const handle = await open(file, 'r+')
    await handle.sync().finally(() => handle.close())
    if (process.platform === 'win32') return
    for (let above = dirname(file); above.length >= dirname(root).length; above = dirname(above)) {
      const names = await open(above, 'r')
      await names.sync().finally(() => names.close())
      if (above === dirname(above)) break
    }
  },
  withoutSecrets: (text) => text,
  close: () => undefined,
})

const openS3 = async (target: LakeTarget & { kind: 's3' }): Promise<Place> => {
  const [{ S3Client }, { S3Storage }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@clickwatch/delta/s3'),
  ])
  const { bucket, prefix, endpoint, region } = target
  const client = new S3Client({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000 },
    // Servers other than Amazon's have buckets in the path.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  })
  const base = endpoint ? `${endpoint.replace(/\/$/, '')}/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`
  const secrets = new Set<string>()
  return {
    name: nameOfTarget(target),
    storage: (folder) => new S3Storage({ client, bucket, prefix: joined(prefix, folder) }),
    async parquet(folder, paths) {
      // They may be of a role, and change; who they are is found as Amazon's own tools find it.
      const { accessKeyId, secretAccessKey, sessionToken = '' } = await client.config.credentials()
      for (const secret of [secretAccessKey, sessionToken]) secrets.add(secret)
      return {
        sql: "s3({lake_files:String}, {lake_key:String}, {lake_secret:String}, {lake_token:String}, 'Parquet')",
        parameters: {
          // A '=' in a path is written as it is by all of S3's servers; it is what the tables' folders have.
          lake_files: `${base}/${joined(prefix, folder)}/${globOf(paths.map(checked) as [string, ...string[]])}`,
          lake_key: accessKeyId,
          lake_secret: secretAccessKey,
          lake_token: sessionToken,
        },
      }
    },
    settle: async () => undefined,
    withoutSecrets: (text) => hide([...secrets])(text),
    close: () => client.destroy(),
  }
}

// OneLake takes none that lasts for more than an hour from its beginning on.
const signedAheadMs = 300_000
const signedForMs = 3_300_000
const isRenewedMs = 900_000
/** To read, add, create, write, delete and list. */
const allowed = 'racwdl'

/** Signatures in the name of whoever the process is to Entra ID: ClickHouse does not sign in as an application does, and is given one for an hour. */
const signatures = (
  azure: typeof import('@azure/storage-blob'),
  service: import('@azure/storage-blob').BlobServiceClient,
  { endpoint, container, prefix }: LakeTarget & { kind: 'azure' },
): (() => Promise<string>) => {
  const { hostname = '', pathname = '' } = URL.parse(endpoint) ?? {}
  // A server on this network has accounts in the path.
  const account = (pathname.length > 1 ? pathname.slice(1) : hostname).split(/[./]/)[0] ?? ''
  // OneLake knows none of whole workspaces, and plain accounts none of folders.
  const isOfFolder = hostname.endsWith('.fabric.microsoft.com')
  const sign = (key: import('@azure/storage-blob').UserDelegationKey, startsOn: Date, expiresOn: Date): string => {
    const given = { containerName: container, startsOn, expiresOn }
    if (!isOfFolder) {
      const permissions = azure.ContainerSASPermissions.parse(allowed)
      return azure.generateBlobSASQueryParameters({ ...given, permissions }, key, account).toString()
    }
    const permissions = azure.BlobSASPermissions.parse('r')
    const folder = { ...given, permissions, blobName: prefix, isDirectory: true }
    const ofAzure = azure.generateBlobSASQueryParameters(folder, key, account).toString()
    return withPermissions(ofAzure, `/blob/${account}/${container}/${prefix}`, key.value, allowed)
  }
  let signed: { text: string; untilMs: number } | undefined
  return async () => {
    const nowMs = Date.now()
    if (signed && signed.untilMs - nowMs > isRenewedMs) return signed.text
    const [startsOn, expiresOn] = [new Date(nowMs - signedAheadMs), new Date(nowMs + signedForMs)]
    const key = await service.getUserDelegationKey(startsOn, expiresOn)
    signed = { text: sign(key, startsOn, expiresOn), untilMs: expiresOn.getTime() }
    return signed.text
  }
}

const openAzure = async (target: LakeTarget & { kind: 'azure' }): Promise<Place> => {
  const [azure, { AzureStorage }] = await Promise.all([
    import('@azure/storage-blob'),
    import('@clickwatch/delta/azure'),
  ])
  const { endpoint, container, prefix, accountKey, sasToken } = target
  const options = { retryOptions: { maxTries: 3, tryTimeoutInMs: 30_000 } }
  const secrets = new Set<string | undefined>([target.connectionString, accountKey])
  const hidden = (signature: string): string => {
    const sig = new URLSearchParams(signature).get('sig') ?? ''
    for (const secret of [signature, sig, encodeURIComponent(sig)]) secrets.add(secret)
    return signature
  }
  const connection =
    target.connectionString ??
    (accountKey &&
      `BlobEndpoint=${endpoint};AccountName=${URL.parse(endpoint)?.hostname.split('.')[0]};AccountKey=${accountKey}`)
  let containerClient: import('@azure/storage-blob').ContainerClient
  let connectionOf: () => Promise<string>
  if (connection !== undefined) {
    secrets.add(/AccountKey=([^;]+)/i.exec(connection)?.[1])
    containerClient = new azure.ContainerClient(connection, container, options)
    connectionOf = async () => connection
  } else {
    let signatureOf: () => Promise<string>
    if (sasToken !== undefined) {
      containerClient = new azure.ContainerClient(
        `${endpoint}/${encodeURIComponent(container)}?${sasToken}`,
        undefined,
        options,
      )
      signatureOf = async () => sasToken
    } else {
      const { DefaultAzureCredential } = await import('@azure/identity')
      const service = new azure.BlobServiceClient(endpoint, new DefaultAzureCredential(), options)
      containerClient = service.getContainerClient(container)
      signatureOf = signatures(azure, service, target)
    }
    // In a connection string, ClickHouse would first ask whether the container is there, which a signature is not allowed to.
    connectionOf = async () => `${endpoint}?${hidden(await signatureOf())}`
  }
  return {
    name: nameOfTarget(target),
    storage: (folder) => new AzureStorage({ container: containerClient, prefix: joined(prefix, folder) }),
    async parquet(folder, paths) {
      return {
        sql: "azureBlobStorage({lake_connection:String}, {lake_container:String}, {lake_files:String}, 'Parquet')",
        parameters: {
          lake_connection: await connectionOf(),
          lake_container: container,
          lake_files: joined(prefix, folder, globOf(paths.map(checked) as [string, ...string[]])),
        },
      }
    },
    settle: async () => undefined,
    withoutSecrets: (text) => hide([...secrets])(text),
    close: () => undefined,
  }
}

/** Opens a target; nothing is asked of it yet. The clients of a cloud are loaded only where it is one. */
export const openPlace = async (target: LakeTarget): Promise<Place> => {
  if (target.kind === 'folder') return openFolder(target.path)
  return target.kind === 's3' ? openS3(target) : openAzure(target)
}
