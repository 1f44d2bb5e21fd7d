import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import {
  defaultEventLimits,
  defaultSite,
  type EventLimits,
  scrubWordPattern,
  siteIdPattern,
} from '@clickwatch/contract'
import type { SingleSignOn } from './accounts/single-sign-on.ts'
import { StartError } from './errors.ts'
import { type LakeConfig, readLakeTarget } from './lake/target.ts'
import { withSecretFiles } from './secret-files.ts'
import { readStoreTarget, type StoreTarget } from './store/target.ts'
import { readStreamCredentials, type StreamCredentials } from './stream/credentials.ts'
import { readStreamTarget, type StreamTarget } from './stream/target.ts'

/** What the operator decides, read once from the environment. docs/configuration.md lists every name. */
export type Config = {
  /** Absolute folder that holds everything ClickWatch stores. */
  dataFolder: string
  port: number
  /** Address to listen on; undefined is every interface, IPv6 and IPv4. */
  host: string | undefined
  /** Full key for the read and server-ingest routes; undefined leaves them to loopback. */
  apiKey: string | undefined
  /** IANA name; dates are shown and days are cut in it. */
  timeZone: string
  /** Where what is taken in goes to, and is read from: LMDB here, or a stream elsewhere. */
  stream: StreamTarget
  streamCredentials: StreamCredentials
  /** Where events are kept: ClickHouse in the engine's process, or servers of it; undefined is the former. */
  clickhouse: StoreTarget | undefined
  /** Of documents that others put on the stream and that name no site. */
  streamSite: string
  /** What may wait on this machine for a stream that is away. */
  spoolLimitBytes: number
  /** Partitions of a new stream; an existing one keeps its own. */
  partitions: number
  /** What has to stay free on the disk for the collector to take anything in. */
  leastFreeBytes: number
  /** What may wait for the disk before the collector answers 503. */
  queueLimitBytes: number
  /** How large a request of a browser may be, and what it holds. */
  limits: EventLimits & { bodyBytes: number }
  /** Events a minute that one address may send; 0 is without limit. */
  eventsPerAddress: number
  /** Addresses and ranges of proxies, beside this machine's, that say whom they speak for. */
  trustedProxies: readonly string[]
  /** .mmdb file of cities; undefined is none. */
  geoDatabase: string | undefined
  /** Where the tracker and its events are served beside /clickwatch.js and /e. */
  scriptPath: string
  collectPath: string
  /** What is secret in addresses beside what always is, or is none with '-' before it. */
  scrubParameters: readonly string[]
  /** JSON file of settings by site; undefined is none. */
  sitesFile: string | undefined
  /** Of the PostgreSQL database that keeps what people set up; undefined is a SQLite file in the data folder. */
  databaseUrl: string | undefined
  /** How long processed stream records are kept for a replay. */
  streamRetentionMs: number
  /** Of the mail server that reports and alerts go through; undefined is none. */
  smtpUrl: string | undefined
  /** Whom mail is from. */
  mailFrom: string
  /** Whether webhooks may go to this machine and private networks. */
  webhooksInside: boolean
  /** Where browsers reach the server, such as https://stats.example; undefined is wherever they say that they do. */
  url: string | undefined
  /** By whom people may be let in beside their passwords; undefined is nobody. */
  singleSignOn: SingleSignOn | undefined
  /** What one question may cost. */
  queryLimits: { seconds: number; memoryBytes: number; rows: number }
  logLevel: string
  /** Where tables are written to for others, and how; undefined is nowhere. */
  lake: LakeConfig | undefined
}

const hour = 3_600_000
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

const integer = (env: NodeJS.ProcessEnv, name: string, fallback: number, minimum: number, maximum: number): number => {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value
  throw new StartError(`${name} is '${text}'; a whole number from ${minimum} to ${maximum} is expected.`)
}

const taken =
  /^\/(api|v1|healthz|readyz|metrics|internal|demo|assets|mcp|capture|batch|i|share)(\/|$)|^\/(live|funnels|journeys|retention|pages|sessions|visitor|report|settings|refused|sql)?$/
const path = (env: NodeJS.ProcessEnv, name: string, fallback: string): string => {
  const text = env[name] || fallback
  if (/^(\/[\w.~-]+)+$/.test(text) && !text.includes('/..') && !taken.test(text)) return text
  throw new StartError(`${name} is '${text}'; a path that is not in use, such as /shop/hello, is expected.`)
}

const proxies = (text: string): string[] => {
  const given = text.split(',').flatMap((part) => part.trim() || [])
  const wrong = given.find((part) => !isIP(part.split('/')[0] ?? '') || !/^[^/]+(\/\d{1,3})?$/.test(part))
  if (wrong === undefined) return given
  const expected = 'addresses or ranges such as 10.0.0.0/8, with commas between them, are expected.'
  throw new StartError(`CLICKWATCH_TRUSTED_PROXIES has '${wrong}'; ${expected}`)
}

const scrubParameters = (text: string): string[] => {
  const given = text.split(',').flatMap((part) => part.trim() || [])
  const wrong = given.find((part) => !new RegExp(scrubWordPattern).test(part))
  if (wrong === undefined) return given
  const expected = 'names such as customer_number, or -key, with commas between them, are expected.'
  throw new StartError(`CLICKWATCH_SCRUB_PARAMETERS has '${wrong}'; ${expected}`)
}

const timeZone = (name: string): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch (cause) {
    throw new StartError(`CLICKWATCH_TIME_ZONE is '${name}'; a name such as Europe/Berlin or UTC is expected.`, {
      cause,
    })
  }
}

const smtpUrl = (text: string | undefined): string | undefined => {
  if (!text) return undefined
  if (/^smtps?:$/.test(URL.parse(text)?.protocol ?? '')) return text
  // Not what it is: it holds a password.
  throw new StartError('CLICKWATCH_SMTP_URL is no address such as smtps://user:password@mail.example:465.')
}

const originIn = (env: NodeJS.ProcessEnv, name: string): string | undefined => {
  const text = env[name]
  if (!text) return undefined
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url.origin
  throw new StartError(`${name} is '${text}'; an address without a path such as https://stats.example is expected.`)
}

const singleSignOn = (env: NodeJS.ProcessEnv): SingleSignOn | undefined => {
  const [issuer, clientId, clientSecret] = [
    env.CLICKWATCH_OIDC_ISSUER,
    env.CLICKWATCH_OIDC_CLIENT_ID,
    env.CLICKWATCH_OIDC_CLIENT_SECRET,
  ]
  if (!issuer && !clientId && !clientSecret) return undefined
  if (!issuer || !/^https?:$/.test(URL.parse(issuer)?.protocol ?? '')) {
    throw new StartError(
      `CLICKWATCH_OIDC_ISSUER is '${issuer ?? ''}'; an address such as https://login.example/realms/shop is expected.`,
    )
  }
  if (!clientId)
    throw new StartError('CLICKWATCH_OIDC_CLIENT_ID is missing: the name that the provider knows ClickWatch by.')
  if (!clientSecret)
    throw new StartError('CLICKWATCH_OIDC_CLIENT_SECRET is missing: what the provider gave beside that name.')
  return { issuer, clientId, clientSecret, name: env.CLICKWATCH_OIDC_NAME || URL.parse(issuer)?.hostname || issuer }
}

const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full']

// No sentence of these has the value in it: it holds a password.
const databaseUrl = (text: string | undefined): string | undefined => {
  if (!text) return undefined
  const example = 'postgres://user:password@db.example:5432/clickwatch'
  const wrong = (reason: string) => new StartError(`CLICKWATCH_DATABASE ${reason}`)
  const url = URL.parse(text)
  const isAddress =
    url && /^postgres(ql)?:$/.test(url.protocol) && (url.hostname !== '' || url.searchParams.has('host'))
  // A password with '/', '#' or '?' as they are puts a part of itself where the database is named, or behind it.
  if (!isAddress || !/^\/[^/@]+$/.test(url.pathname) || url.hash !== '') {
    const encoded = "what is neither letter nor digit in a password is written as '%' and its code, such as %23 for #"
    throw wrong(`is no address such as ${example}; ${encoded}.`)
  }
  const tlsMode = url.searchParams.get('sslmode')
  if (tlsMode !== null && !tlsModes.includes(tlsMode)) {
    throw wrong(`has an sslmode that is not known; one of ${tlsModes.join(', ')} is expected.`)
  }
  if (tlsMode === 'verify-ca' && !url.searchParams.has('sslrootcert')) {
    throw wrong('has sslmode=verify-ca, which needs sslrootcert, the file of the authority that is trusted.')
  }
  return text
}

const siteId = (env: NodeJS.ProcessEnv, name: string): string => {
  const text = env[name] || defaultSite
  if (new RegExp(siteIdPattern).test(text)) return text
  throw new StartError(`${name} is '${text}'; letters, digits, '.', '_' or '-', at most 100 of them, are expected.`)
}

const yesOrNo = (env: NodeJS.ProcessEnv, name: string): boolean => {
  const text = env[name] || 'no'
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw new StartError(`${name} is '${text}'; yes or no is expected.`)
}

const lake = (env: NodeJS.ProcessEnv): LakeConfig | undefined => {
  const target = readLakeTarget(env)
  if (!target) return undefined
  return {
    target,
    everyMs: integer(env, 'CLICKWATCH_LAKE_SECONDS', 60, 1, 86_400) * 1000,
    everyRecords: integer(env, 'CLICKWATCH_LAKE_RECORDS', 100_000, 1, 2 ** 40),
    rewriteEveryMs: integer(env, 'CLICKWATCH_LAKE_REWRITE_SECONDS', 900, 1, 86_400) * 1000,
    fileRetentionHours: integer(env, 'CLICKWATCH_LAKE_FILE_HOURS', 168, 0, 24 * 3650),
  }
}

/**
 * Partitions of a stream that is made new. What is computed of one while ClickHouse stores another takes a third processor; where
 * there is none, fewer and larger batches are better. A topic is for several machines.
 */
export const usualPartitions = ({ kind }: Pick<StreamTarget, 'kind'>): number =>
  kind === 'embedded' && availableParallelism() <= 2 ? 1 : 2

/**
 * The environment as a checked value.
 * @throws {StartError} naming the variable and what was expected
 */
export const readConfig = (given: NodeJS.ProcessEnv): Config => {
  const env = withSecretFiles(given)
  const logLevel = env.CLICKWATCH_LOG_LEVEL || 'warn'
  if (!logLevels.includes(logLevel)) {
    throw new StartError(`CLICKWATCH_LOG_LEVEL is '${logLevel}'; one of ${logLevels.join(', ')} is expected.`)
  }
  const stream = readStreamTarget(env.CLICKWATCH_STREAM)
  return {
    dataFolder: resolve(env.CLICKWATCH_DATA || 'data'),
    port: integer(env, 'CLICKWATCH_PORT', 8080, 0, 65_535),
    host: env.CLICKWATCH_HOST || undefined,
    apiKey: env.CLICKWATCH_API_KEY || undefined,
    timeZone: timeZone(env.CLICKWATCH_TIME_ZONE || Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'),
    stream,
    streamCredentials: readStreamCredentials(env),
    clickhouse: readStoreTarget(env),
    streamSite: siteId(env, 'CLICKWATCH_STREAM_SITE'),
    spoolLimitBytes: integer(env, 'CLICKWATCH_SPOOL_LIMIT_BYTES', 1024 ** 3, 1024, 2 ** 50),
    partitions: integer(env, 'CLICKWATCH_PARTITIONS', usualPartitions(stream), 1, 64),
    queueLimitBytes: integer(env, 'CLICKWATCH_QUEUE_LIMIT_BYTES', 64 * 1024 * 1024, 1024, 2 ** 40),
    leastFreeBytes: integer(env, 'CLICKWATCH_MIN_FREE_BYTES', 256 * 1024 * 1024, 0, 2 ** 50),
    limits: {
      bodyBytes: integer(env, 'CLICKWATCH_MAX_BODY_BYTES', 512 * 1024, 1024, 64 * 1024 * 1024),
      events: integer(env, 'CLICKWATCH_MAX_EVENTS', defaultEventLimits.events, 1, 10_000),
      props: integer(env, 'CLICKWATCH_MAX_PROPS', defaultEventLimits.props, 0, 1000),
      propLength: integer(env, 'CLICKWATCH_MAX_PROP_LENGTH', defaultEventLimits.propLength, 1, 10_000),
      urlLength: integer(env, 'CLICKWATCH_MAX_URL_LENGTH', defaultEventLimits.urlLength, 64, 65_536),
    },
    eventsPerAddress: integer(env, 'CLICKWATCH_EVENTS_PER_ADDRESS', 6000, 0, 2 ** 40),
    trustedProxies: proxies(env.CLICKWATCH_TRUSTED_PROXIES ?? ''),
    geoDatabase: env.CLICKWATCH_GEO_DATABASE ? resolve(env.CLICKWATCH_GEO_DATABASE) : undefined,
    scriptPath: path(env, 'CLICKWATCH_SCRIPT_PATH', '/clickwatch.js'),
    collectPath: path(env, 'CLICKWATCH_COLLECT_PATH', '/e'),
    scrubParameters: scrubParameters(env.CLICKWATCH_SCRUB_PARAMETERS ?? ''),
    sitesFile: env.CLICKWATCH_SITES ? resolve(env.CLICKWATCH_SITES) : undefined,
    databaseUrl: databaseUrl(env.CLICKWATCH_DATABASE),
    streamRetentionMs: integer(env, 'CLICKWATCH_STREAM_RETENTION_HOURS', 24, 0, 24 * 3650) * hour,
    smtpUrl: smtpUrl(env.CLICKWATCH_SMTP_URL),
    mailFrom: env.CLICKWATCH_MAIL_FROM || 'ClickWatch <clickwatch@localhost>',
    webhooksInside: yesOrNo(env, 'CLICKWATCH_WEBHOOKS_INSIDE'),
    url: originIn(env, 'CLICKWATCH_URL'),
    singleSignOn: singleSignOn(env),
    queryLimits: {
      seconds: integer(env, 'CLICKWATCH_QUERY_SECONDS', 30, 1, 3600),
      memoryBytes: integer(env, 'CLICKWATCH_QUERY_MEMORY_BYTES', 1_500_000_000, 10_000_000, 2 ** 50),
      rows: integer(env, 'CLICKWATCH_QUERY_ROWS', 5_000_000_000, 1000, 2 ** 50),
    },
    logLevel,
    lake: lake(env),
  }
}

/** Whether everything is elsewhere, so that any machine reaches it. */
export const isShared = ({ stream, databaseUrl, clickhouse }: Config): boolean =>
  stream.kind !== 'embedded' && databaseUrl !== undefined && clickhouse !== undefined
