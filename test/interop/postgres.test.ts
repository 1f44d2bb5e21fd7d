import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { NewGoal } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Metadata,
  metadataFile,
  openMetadata,
  openMetadataFile,
} from '../../packages/server/src/metadata/database.ts'
import { goalsOf } from '../../packages/server/src/metadata/kept.ts'
import { secretOf } from '../../packages/server/src/metadata/secrets.ts'
import { runCommand, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { execute, type Postgres, startPostgres } from '../fixtures/postgres.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const open = (url: string): Promise<Metadata> => openMetadata({ folder, url, onLost: () => undefined })

/** An authority, and a certificate of it for 127.0.0.1, by openssl. */
const certify = (name: string, address: string): { authority: string; certificate: Buffer; key: Buffer } => {
  const place = join(folder, name)
  mkdirSync(place)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: place, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl('req', '-x509', ...key, '-keyout', 'authority.key', '-out', 'authority.pem', '-subj', `/CN=${name}`)
  const own = ['-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=database']
  const signed = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-addext', `subjectAltName=IP:${address}`]
  openssl('req', '-x509', ...key, ...own, ...signed, '-addext', 'basicConstraints=critical,CA:FALSE')
  return {
    authority: join(place, 'authority.pem'),
    certificate: readFileSync(join(place, 'server.pem')),
    key: readFileSync(join(place, 'server.key')),
  }
}

describe('PostgreSQL by TLS', () => {
  const ours = certify('ours', '127.0.0.1')
  const strange = certify('strange', '127.0.0.1')
  const elsewhere = certify('elsewhere', '192.0.2.1')
  const settings = ['ssl = on', "ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'"]
  const serverOf = ({ certificate, key }: typeof ours) =>
    startPostgres(settings, { 'server.pem': certificate, 'server.key': key })
  let postgres: Postgres
  let ofElsewhere: Postgres
  beforeAll(async () => {
    ;[postgres, ofElsewhere] = await Promise.all([serverOf(ours), serverOf(elsewhere)])
  })
  afterAll(() => Promise.all([postgres?.dispose(), ofElsewhere?.dispose()]))

  const isEncrypted = async (server: Postgres, search: string): Promise<boolean> => {
    const metadata = await open(`${await server.newDatabase()}?${search}`)
    const [row] = await execute(
      server.urlOf('postgres'),
      `SELECT bool_and(ssl) AS is_encrypted FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
       WHERE application_name = 'clickwatch'`,
    )
    await metadata.destroy()
    return row?.is_encrypted
  }

  it.each([
    ['sslmode=disable', false],
    ['sslmode=require', true],
    [`sslmode=verify-ca&sslrootcert=${ours.authority}`, true],
    [`sslmode=verify-full&sslrootcert=${ours.authority}`, true],
  ])('is as %s says', async (search, isSo) => {
    expect(await isEncrypted(postgres, search)).toBe(isSo)
  })

  it('is refused where another authority signed, and by verify-full where it is another host that is certified', async () => {
    const url = postgres.urlOf('postgres')
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      const error = /^CLICKWATCH_DATABASE: .* cannot be used: .*(certificate|self-signed)/
      await expect(open(`${url}?sslmode=${mode}&sslrootcert=${strange.authority}`)).rejects.toThrow(error)
    }
    await expect(open(`${url}?sslmode=verify-full`)).rejects.toThrow(/certificate|self-signed/)
    const authority = `sslrootcert=${elsewhere.authority}`
    expect(await isEncrypted(ofElsewhere, `sslmode=verify-ca&${authority}`)).toBe(true)
    await expect(open(`${ofElsewhere.urlOf('postgres')}?sslmode=verify-full&${authority}`)).rejects.toThrow(
      /not in the cert's list|altnames/,
    )
  })
})

describe('a backup of an installation on PostgreSQL', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.dispose())
  const bought: NewGoal = { name: 'Bought', rule: { type: 'page', path: '/thanks' } }
  const run = async (args: string[], env: Record<string, string>) => {
    const { exited, output } = runCommand(args, env)
    return { code: await exited, output: output() }
  }

  it('is restored into either form, and not into a database that holds something', async () => {
    const backup = join(folder, 'backup')
    const url = await postgres.newDatabase()
    const dataFolder = join(folder, 'data')
    const there = { CLICKWATCH_DATA: dataFolder, CLICKWATCH_DATABASE: url }
    const clickWatch = await startClickWatch({ dataFolder, env: there })
    await clickWatch.post('/api/sites/default/goals', bought)
    expect((await run(['backup', backup], there)).code).toBe(0)
    await clickWatch.interrupt()
    const first = await open(url)
    const key = await secretOf(first, 'passes')
    await first.destroy()
    expect((await run(['backup', backup], there)).code).toBe(0)

    const isAllThere = async (metadata: Metadata) => {
      expect(await secretOf(metadata, 'passes')).toEqual(key)
      expect(await goalsOf(metadata).list('default')).toMatchObject([bought])
      await metadata.destroy()
    }
    const refused = await run(['restore', backup], { ...there, CLICKWATCH_DATA: join(folder, 'refused') })
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('holds something already') })
    const other = await postgres.newDatabase()
    const into = { CLICKWATCH_DATA: join(folder, 'into-postgres'), CLICKWATCH_DATABASE: other }
    expect(await run(['restore', backup], into)).toMatchObject({
      code: 0,
      output: expect.stringContaining('are restored'),
    })
    await isAllThere(await open(other))
    const back = join(folder, 'into-sqlite')
    expect((await run(['restore', backup], { CLICKWATCH_DATA: back })).code).toBe(0)
    await isAllThere(await openMetadataFile(join(back, metadataFile)))
  })
})
