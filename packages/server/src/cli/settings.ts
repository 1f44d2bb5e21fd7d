import type { Config } from '../config.ts'
import { secretVariables } from '../secret-files.ts'

/** Every variable of ClickWatch's own, and what it came to be. */
export const settings: Readonly<Record<string, (config: Config) => unknown>> = {
  CLICKWATCH_PORT: ({ port }) => port,
  CLICKWATCH_HOST: ({ host }) => host,
  CLICKWATCH_DATA: ({ dataFolder }) => dataFolder,
  CLICKWATCH_DATABASE: ({ databaseUrl }) => databaseUrl,
  CLICKWATCH_CLICKHOUSE: ({ clickhouse }) => clickhouse?.urls,
  CLICKWATCH_CLICKHOUSE_CLUSTER: ({ clickhouse }) => clickhouse?.cluster,
  CLICKWATCH_CLICKHOUSE_READER: ({ clickhouse }) => clickhouse?.reader,
  CLICKWATCH_API_KEY: ({ apiKey }) => apiKey,
  CLICKWATCH_TIME_ZONE: ({ timeZone }) => timeZone,
  CLICKWATCH_PARTITIONS: ({ partitions }) => partitions,
  CLICKWATCH_STREAM: ({ stream }) => stream.kind,
  CLICKWATCH_STREAM_USER: ({ streamCredentials }) => streamCredentials.user,
  CLICKWATCH_STREAM_PASSWORD: ({ streamCredentials }) => streamCredentials.password,
  CLICKWATCH_STREAM_CA: ({ streamCredentials }) => streamCredentials.caFile,
  CLICKWATCH_STREAM_CERTIFICATE: ({ streamCredentials }) => streamCredentials.certificateFile,
  CLICKWATCH_STREAM_KEY: ({ streamCredentials }) => streamCredentials.keyFile,
  CLICKWATCH_STREAM_TOKEN_FILE: ({ streamCredentials }) => streamCredentials.tokenFile,
  CLICKWATCH_STREAM_TOKEN_URL: ({ streamCredentials }) => streamCredentials.tokenUrl,
  CLICKWATCH_STREAM_TOKEN_SCOPE: ({ streamCredentials }) => streamCredentials.tokenScope,
  CLICKWATCH_STREAM_SITE: ({ streamSite }) => streamSite,
  CLICKWATCH_STREAM_RETENTION_HOURS: ({ streamRetentionMs }) => streamRetentionMs / 3_600_000,
  CLICKWATCH_SPOOL_LIMIT_BYTES: ({ spoolLimitBytes }) => spoolLimitBytes,
  CLICKWATCH_LAKE: ({ lake }) => lake?.target.kind,
  CLICKWATCH_LAKE_SECONDS: ({ lake }) => lake && lake.everyMs / 1000,
  CLICKWATCH_LAKE_RECORDS: ({ lake }) => lake?.everyRecords,
  CLICKWATCH_LAKE_REWRITE_SECONDS: ({ lake }) => lake && lake.rewriteEveryMs / 1000,
  CLICKWATCH_LAKE_FILE_HOURS: ({ lake }) => lake?.fileRetentionHours,
  CLICKWATCH_QUEUE_LIMIT_BYTES: ({ queueLimitBytes }) => queueLimitBytes,
  CLICKWATCH_MIN_FREE_BYTES: ({ leastFreeBytes }) => leastFreeBytes,
  CLICKWATCH_SITES: ({ sitesFile }) => sitesFile,
  CLICKWATCH_TRUSTED_PROXIES: ({ trustedProxies }) => trustedProxies.join(','),
  CLICKWATCH_GEO_DATABASE: ({ geoDatabase }) => geoDatabase,
  CLICKWATCH_SCRIPT_PATH: ({ scriptPath }) => scriptPath,
  CLICKWATCH_COLLECT_PATH: ({ collectPath }) => collectPath,
  CLICKWATCH_SCRUB_PARAMETERS: ({ scrubParameters }) => scrubParameters.join(','),
  CLICKWATCH_MAX_BODY_BYTES: ({ limits }) => limits.bodyBytes,
  CLICKWATCH_MAX_EVENTS: ({ limits }) => limits.events,
  CLICKWATCH_MAX_PROPS: ({ limits }) => limits.props,
  CLICKWATCH_MAX_PROP_LENGTH: ({ limits }) => limits.propLength,
  CLICKWATCH_MAX_URL_LENGTH: ({ limits }) => limits.urlLength,
  CLICKWATCH_EVENTS_PER_ADDRESS: ({ eventsPerAddress }) => eventsPerAddress,
  CLICKWATCH_QUERY_SECONDS: ({ queryLimits }) => queryLimits.seconds,
  CLICKWATCH_QUERY_MEMORY_BYTES: ({ queryLimits }) => queryLimits.memoryBytes,
  CLICKWATCH_QUERY_ROWS: ({ queryLimits }) => queryLimits.rows,
  CLICKWATCH_URL: ({ url }) => url,
  CLICKWATCH_OIDC_ISSUER: ({ singleSignOn }) => singleSignOn?.issuer,
  CLICKWATCH_OIDC_CLIENT_ID: ({ singleSignOn }) => singleSignOn?.clientId,
  CLICKWATCH_OIDC_CLIENT_SECRET: ({ singleSignOn }) => singleSignOn?.clientSecret,
  CLICKWATCH_OIDC_NAME: ({ singleSignOn }) => singleSignOn?.name,
  CLICKWATCH_SMTP_URL: ({ smtpUrl }) => smtpUrl,
  CLICKWATCH_MAIL_FROM: ({ mailFrom }) => mailFrom,
  CLICKWATCH_WEBHOOKS_INSIDE: ({ webhooksInside }) => (webhooksInside ? 'yes' : 'no'),
  CLICKWATCH_LOG_LEVEL: ({ logLevel }) => logLevel,
}

const secrets: readonly string[] = secretVariables

export const isSecret = (name: string): boolean => secrets.includes(name)

/** Every name that means something, those of files with secrets too. */
export const knownVariables: readonly string[] = [
  ...Object.keys(settings),
  ...secrets.filter((name) => name.startsWith('CLICKWATCH_')).map((name) => `${name}_FILE`),
]
