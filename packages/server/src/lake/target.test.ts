import { describe, expect, it } from 'vitest'
import { StartError } from '../errors.ts'
import { openPlace } from './place.ts'
import { nameOfTarget, readLakeTarget } from './target.ts'

const read = (text: string, env: Record<string, string> = {}) => readLakeTarget({ CLICKWATCH_LAKE: text, ...env })
const key = 'a+secret/key=='

describe('CLICKWATCH_LAKE', () => {
  it('names no lake where it is empty', () => {
    expect(readLakeTarget({})).toBeUndefined()
    expect(read('')).toBeUndefined()
  })

  it('is no folder where events are kept on other servers, which reach none of this machine', () => {
    expect(() => read('/srv/lake', { CLICKWATCH_CLICKHOUSE: 'http://one:8123' })).toThrow(StartError)
    expect(read('s3://data/lake', { CLICKWATCH_CLICKHOUSE: 'http://one:8123' })).toMatchObject({ kind: 's3' })
    expect(readLakeTarget({ CLICKWATCH_CLICKHOUSE: 'http://one:8123' })).toBeUndefined()
  })

  it('names a folder, wherever it is relative to', () => {
    expect(read('/srv/lake')).toEqual({ kind: 'folder', path: '/srv/lake' })
    expect(read('lake')).toEqual({ kind: 'folder', path: `${process.cwd()}/lake` })
  })

  it('names a bucket, at Amazon or where AWS_ENDPOINT_URL says', () => {
    const place = { kind: 's3', bucket: 'data', prefix: 'a/lake', region: 'us-east-1' }
    expect(read('s3://data/a/lake/')).toEqual({ ...place, endpoint: undefined })
    const env = { AWS_ENDPOINT_URL: 'http://minio:9000', AWS_REGION: 'eu-central-1' }
    expect(read('s3a://data/a/lake', env)).toEqual({ ...place, endpoint: 'http://minio:9000', region: 'eu-central-1' })
  })

  it('names a container of an account, or a workspace of OneLake, by the address for blobs', () => {
    expect(read('abfss://data@shop.dfs.core.windows.net/lake', { AZURE_STORAGE_KEY: key })).toMatchObject({
      endpoint: 'https://shop.blob.core.windows.net',
      container: 'data',
      prefix: 'lake',
      accountKey: key,
    })
    const oneLake = read('abfss://My%20space@onelake.dfs.fabric.microsoft.com/web.Lakehouse/Tables')
    expect(oneLake).toMatchObject({
      endpoint: 'https://onelake.blob.fabric.microsoft.com',
      container: 'My space',
      prefix: 'web.Lakehouse/Tables',
      accountKey: undefined,
    })
  })

  const workspace = '1f6bd2a4-0c1e-4a67-9a4f-3b1df7c5a111'
  const lakehouse = '7d0c8f9e-52b3-4f4e-8a55-9be1f2a7c222'
  it.each([
    ['abfss://web@onelake.dfs.fabric.microsoft.com/traffic.Lakehouse/Tables', 'web', 'traffic.Lakehouse/Tables'],
    ['https://onelake.dfs.fabric.microsoft.com/web/traffic.Lakehouse/Tables', 'web', 'traffic.Lakehouse/Tables'],
    ['https://onelake.blob.fabric.microsoft.com/My%20space/web.Lakehouse/Tables/', 'My space', 'web.Lakehouse/Tables'],
    [`abfss://${workspace}@onelake.dfs.fabric.microsoft.com/${lakehouse}/Tables`, workspace, `${lakehouse}/Tables`],
    [`https://onelake.dfs.fabric.microsoft.com/${workspace}/${lakehouse}/Tables`, workspace, `${lakehouse}/Tables`],
  ])(
    'names a folder of OneLake as Fabric shows it, and ClickHouse is given it by the address for blobs: %s',
    async (text, container, prefix) => {
      const target = read(text, { AZURE_STORAGE_SAS_TOKEN: '?sv=1&sig=secret' })
      const endpoint = 'https://onelake.blob.fabric.microsoft.com'
      expect(target).toMatchObject({ kind: 'azure', endpoint, container, prefix, sasToken: 'sv=1&sig=secret' })
      if (!target) throw new Error('a target is expected')
      const place = await openPlace(target)
      expect(place.name).toBe(`${endpoint}/${container}/${prefix}`)
      expect(await place.parquet('silver/events', ['site=shop/date=2026-06-01/a.parquet'])).toMatchObject({
        parameters: {
          lake_connection: `${endpoint}?sv=1&sig=secret`,
          lake_container: container,
          lake_files: `${prefix}/silver/events/site=shop/date=2026-06-01/a.parquet`,
        },
      })
      place.close()
    },
  )

  it('names a region of OneLake, and a container of an account by its https address', () => {
    expect(read('https://westeurope-onelake.dfs.fabric.microsoft.com/web/a.Lakehouse/Tables')).toMatchObject({
      endpoint: 'https://westeurope-onelake.blob.fabric.microsoft.com',
    })
    expect(read('https://shop.dfs.core.windows.net/data/lake')).toMatchObject({
      ...{ endpoint: 'https://shop.blob.core.windows.net', container: 'data', prefix: 'lake' },
    })
  })

  it('is a connection string with the container in it, which Azure is not told', () => {
    const text = `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${key};EndpointSuffix=core.windows.net`
    const target = read(`${text};Container=data;Prefix=/lake/`)
    expect(target).toMatchObject({
      endpoint: 'https://shop.blob.core.windows.net',
      container: 'data',
      prefix: 'lake',
      connectionString: text,
    })
    expect(target && nameOfTarget(target)).toBe('https://shop.blob.core.windows.net/data/lake')
  })

  it('is an address alone where a connection string has no key, for whoever the process is, or what it is signed with', () => {
    const address = 'BlobEndpoint=https://shop.blob.core.windows.net;Container=data'
    const unsigned = { connectionString: undefined, accountKey: undefined, sasToken: undefined }
    const place = { kind: 'azure', endpoint: 'https://shop.blob.core.windows.net', container: 'data', prefix: '' }
    expect(read(address)).toEqual({ ...place, ...unsigned })
    const signed = read(`${address};SharedAccessSignature=?sv=1&sig=${key}`)
    expect(signed).toEqual({ ...place, ...unsigned, sasToken: `sv=1&sig=${key}` })
  })

  it.each([
    's3://',
    's3://Not A Bucket/x',
    'abfss://shop.dfs.core.windows.net/lake',
    'abfss://web@onelake.dfs.fabric.microsoft.com/traffic.Lakehouse',
    `AccountName=shop;AccountKey=${key}`,
    `AccountKey=${key};BlobEndpoint=;Container=x`,
    'gs://bucket/lake',
    'https://onelake.dfs.fabric.microsoft.com/web/traffic.Lakehouse',
    'https://shop.dfs.core.windows.net/',
    'https://lake.example/data/lake',
    `https://shop.blob.core.windows.net/data/lake?sig=${key}`,
    'abfss://web@onelake.dfs.fabric.microsoft.com/100%/Tables',
  ])('is refused with the name of the variable and what is expected, and never with a key: %s', (text) => {
    expect(() => read(text)).toThrow(StartError)
    expect(() => read(text)).toThrow(/^CLICKWATCH_LAKE .*is expected\.$/)
    expect(() => read(text)).not.toThrow(key)
  })
})
