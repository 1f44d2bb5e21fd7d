import type { Logger } from 'pino'
import { type SharedSecrets, secretIn } from '../../collect/identity.ts'
import type { Config } from '../../config.ts'
import { StartError } from '../../errors.ts'
import { type Metadata, openMetadata } from '../../metadata/database.ts'
import { sharedSalts } from '../../metadata/salts.ts'
import { secretOf } from '../../metadata/secrets.ts'
import { openShared, type Shared } from '../../metadata/shared.ts'
import { metadataOf } from '../role.ts'

// What one engine does on one machine, in as many processes as are wanted: they agree in PostgreSQL.

type ApartRole = 'collector' | 'pipeline' | 'api'

/** The three URLs that make processes of one installation know each other. */
const needed: Record<ApartRole | 'operator', ('stream' | 'database' | 'clickhouse')[]> = {
  collector: ['stream', 'database'],
  pipeline: ['stream', 'database', 'clickhouse'],
  api: ['stream', 'database', 'clickhouse'],
  operator: ['stream', 'database', 'clickhouse'],
}

/** @throws {StartError} naming the first variable that is missing and what it is to be */
export const requireShared = (role: ApartRole | 'operator', config: Config): void => {
  const what = role === 'operator' ? 'An operation on a cluster' : `clickwatch ${role}`
  const alone = 'For everything in one place there is clickwatch serve.'
  const sentences = {
    stream: `CLICKWATCH_STREAM is missing: ${what} meets the others on a stream that all of them reach, such as kafka://broker:9092/webtraffic or the connection string of an event hub. ${alone}`,
    database: `CLICKWATCH_DATABASE is missing: ${what} agrees with the others in PostgreSQL, such as postgres://user:password@db.example:5432/clickwatch. ${alone}`,
    clickhouse: `CLICKWATCH_CLICKHOUSE is missing: ${what} needs tables that all of them reach, such as http://user:password@clickhouse.example:8123. ${alone}`,
  }
  const isThere = {
    stream: config.stream.kind !== 'embedded',
    database: config.databaseUrl !== undefined,
    clickhouse: config.clickhouse !== undefined,
  }
  const missing = needed[role].find((each) => !isThere[each])
  if (missing !== undefined) throw new StartError(sentences[missing])
}

export const openMetadataShared = async (
  config: Config,
  logger: Logger,
): Promise<{ metadata: Metadata; shared: Shared }> => {
  const metadata = await openMetadata(metadataOf(config, logger))
  return { metadata, shared: await openShared(metadata) }
}

/** The key of user ids: that of the data folder where an installation grew out of one. */
export const sharedSecretOf = async (config: Config, metadata: Metadata): Promise<string> =>
  (await secretOf(metadata, 'identity', secretIn(config.dataFolder))).toString('hex')

export const openSecrets = async (
  config: Config,
  { metadata, shared }: { metadata: Metadata; shared: Shared },
  logger: Logger,
): Promise<SharedSecrets & { close(): Promise<void> }> => {
  const salts = await sharedSalts(shared, logger)
  return { secret: await sharedSecretOf(config, metadata), saltOf: salts.of, close: salts.close }
}
