import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { openPlaces } from '../../collect/enrich/geo.ts'
import type { Config } from '../../config.ts'
import { openPlace } from '../../lake/place.ts'
import { nameOfTarget } from '../../lake/target.ts'
import { connectMetadata, metadataFile } from '../../metadata/database.ts'
import { cannotOpen, placeOf } from '../../metadata/postgres.ts'
import { mailServerAnswers } from '../../out/mail.ts'
import { lookAtPartitions } from '../../stream/open.ts'
import { streamNameOf } from '../../stream/target.ts'
import { lookApart } from './apart.ts'
import { type Finding, good, wrong } from './finding.ts'
import { within } from './limit.ts'
import { sentenceOf } from './machine.ts'

// What ClickWatch is made of, here or elsewhere, each as far as a look goes that changes nothing.

const limitMs = 10_000

export const lookAtStream = async (config: Config): Promise<Finding> => {
  const { stream: target, streamCredentials: credentials, dataFolder } = config
  const folder = join(dataFolder, 'stream')
  const isHere = target.kind === 'embedded'
  if (isHere && !existsSync(join(folder, 'data.mdb'))) return good('stream', 'It is made at the first start.')
  const name = isHere ? folder : streamNameOf(target)
  try {
    const count = await (isHere
      ? lookApart<number>('stream', folder)
      : within(limitMs, lookAtPartitions({ target, credentials }, folder)))
    return good(
      'stream',
      count === undefined ? `${name} is made at the first start.` : `${name} answers, with ${count} partitions.`,
    )
  } catch (error) {
    if (isHere) {
      const mend =
        'Restore the last backup into a new folder (clickwatch restore DIR, docs/operate/backups.md), and keep this one: what had not been stored yet is in it alone.'
      return wrong('stream', `The stream in ${folder} is damaged: ${sentenceOf(error)}.`, mend)
    }
    const mend =
      'Look whether the broker runs and is reached from here, and whether address, user and password are right: CLICKWATCH_STREAM, CLICKWATCH_STREAM_USER, CLICKWATCH_STREAM_PASSWORD (docs/streams.md).'
    return wrong('stream', `The stream ${name} cannot be used: ${sentenceOf(error)}`, mend)
  }
}

const lookAtFile = (dataFolder: string): Finding => {
  const path = join(dataFolder, metadataFile)
  if (!existsSync(path))
    return good('database', 'What people set up is kept in a file that is made at the first start.')
  try {
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      const [row] = database.prepare('PRAGMA quick_check(1)').all()
      const said = Object.values(row ?? {})[0]
      if (said === 'ok') return good('database', `${path} is whole.`)
      throw new Error(String(said))
    } finally {
      database.close()
    }
  } catch (error) {
    const mend = `Put ${metadataFile} of the last backup in its place, with ClickWatch stopped (docs/operate/backups.md): goals, ideas, links and secrets are in it.`
    return wrong('database', `${path} is damaged: ${sentenceOf(error)}.`, mend)
  }
}

export const lookAtDatabase = async ({ databaseUrl: url, dataFolder }: Config): Promise<Finding> => {
  if (url === undefined) return lookAtFile(dataFolder)
  const metadata = await connectMetadata({ folder: dataFolder, url, onLost: () => undefined })
  try {
    const { rows } = await within(
      limitMs,
      sql<{ version: string; may_make: boolean }>`
        SELECT current_setting('server_version') AS version, has_schema_privilege(current_schema(), 'CREATE') AS may_make`.execute(
        metadata,
      ),
    )
    const [found] = rows
    if (found?.may_make) return good('database', `PostgreSQL ${found.version} at ${placeOf(url)} answers.`)
    const mend =
      'Let it, as the owner of the database: GRANT CREATE ON SCHEMA public TO the user in CLICKWATCH_DATABASE.'
    return wrong('database', `At PostgreSQL ${placeOf(url)} this account may make no tables.`, mend)
  } catch (error) {
    const mend =
      'Look whether PostgreSQL runs and is reached from here, and whether user, password and database in CLICKWATCH_DATABASE are right (docs/configuration.md).'
    return wrong('database', cannotOpen(url, error).message, mend)
  } finally {
    await metadata.destroy()
  }
}

export const lookAtLake = async ({ lake }: Config): Promise<Finding | undefined> => {
  if (!lake) return undefined
  const name = nameOfTarget(lake.target)
  const place = await openPlace(lake.target)
  const probe = 'clickwatch-doctor'
  try {
    const storage = place.storage('')
    await within(limitMs, storage.put(probe, new Uint8Array([0])))
    await within(limitMs, storage.delete([probe]))
    return good('lake', `${name} can be written to.`)
  } catch (error) {
    const mend =
      'Look whether it is there and reached from here, and whether this account, or the keys of the environment, may write there: CLICKWATCH_LAKE (docs/lake.md).'
    return wrong('lake', `The lake ${name} cannot be written to: ${place.withoutSecrets(sentenceOf(error))}`, mend)
  } finally {
    place.close()
  }
}

export const lookAtPlaces = async ({ geoDatabase }: Config): Promise<Finding> => {
  try {
    await openPlaces(geoDatabase)
    return good('places', geoDatabase ? `${geoDatabase} knows cities.` : 'Countries are known, cities are not.')
  } catch (error) {
    return wrong(
      'places',
      sentenceOf(error),
      'Name an .mmdb file of cities that this account may read, or none (docs/configuration.md).',
    )
  }
}

export const lookAtMail = async ({ smtpUrl }: Config): Promise<Finding | undefined> => {
  if (smtpUrl === undefined) return undefined
  const host = URL.parse(smtpUrl)?.host ?? ''
  try {
    await within(limitMs, mailServerAnswers(smtpUrl))
    return good('mail', `The mail server ${host} takes this account.`)
  } catch (error) {
    const mend = 'Look whether address, port, user and password in CLICKWATCH_SMTP_URL are those of your mail server.'
    return wrong('mail', `The mail server ${host} cannot be used: ${sentenceOf(error)}.`, mend)
  }
}
