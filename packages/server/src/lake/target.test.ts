import { describe, expect, it } from 'vitest'
import { StartError } from '../errors.ts'
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
  ])('is refused with the name of the variable and what is expected, and never with a key: %s', (text) => {
    expect(() => read(text)).toThrow(StartError)
    expect(() => read(text)).toThrow(/^CLICKWATCH_LAKE .*is expected\.$/)
    expect(() => read(text)).not.toThrow(key)
  })
})
