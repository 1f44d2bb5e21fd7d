import type { Metadata, Protocol } from './actions.ts'
import { DeltaError } from './errors.ts'
import { anyField, anyType, parseSchema, type StructType } from './schema.ts'

// "Protocol Evolution" and "Valid Feature Names in Table Features". What a table asks of its readers and writers is either done here, or
// known to be idle (a column mapping of mode 'none'), or the table is refused. A guess would be read wrongly by somebody, later.

/** Features that only the Parquet's reader and writer see, or that need nothing of who handles the log alone. */
const readableFeatures = new Set(['timestampNtz', 'vacuumProtocolCheck', 'columnMapping'])

const writableFeatures = new Set([
  ...readableFeatures,
  'appendOnly',
  'invariants',
  'checkConstraints',
  'changeDataFeed',
  'generatedColumns',
  'identityColumns',
])

const refuse = (what: string): never => {
  throw new DeltaError('unsupported_feature', `the table ${what}, which this package does not support`)
}

const refuseUnknown = (features: readonly string[], known: ReadonlySet<string>, to: string): void => {
  const unknown = features.filter((feature) => !known.has(feature))
  if (unknown.length > 0) refuse(`needs the feature${unknown.length > 1 ? 's' : ''} ${unknown.join(', ')} to be ${to}`)
}

const columnMappingMode = ({ configuration }: Metadata): string => configuration['delta.columnMapping.mode'] ?? 'none'

/** Throws unless the table can be read here. */
export const checkReadable = (protocol: Protocol, metadata: Metadata): void => {
  const { minReaderVersion, readerFeatures = [] } = protocol
  if (minReaderVersion > 3) refuse(`asks for readers of version ${minReaderVersion}`)
  if (minReaderVersion === 3) refuseUnknown(readerFeatures, readableFeatures, 'read')
  if (minReaderVersion > 1 && columnMappingMode(metadata) !== 'none')
    refuse('maps its columns (delta.columnMapping.mode)')
  if (metadata.format.provider !== 'parquet') refuse(`keeps its data as ${metadata.format.provider}`)
}

const isOn = (metadata: Metadata, property: string): boolean => metadata.configuration[property] === 'true'

const hasKey = (schema: StructType, key: string): boolean => anyField(schema, ({ metadata }) => key in metadata)

/** Throws unless the table can be written to here. */
export const checkWritable = (protocol: Protocol, metadata: Metadata): void => {
  checkReadable(protocol, metadata)
  const { minWriterVersion, writerFeatures = [] } = protocol
  if (minWriterVersion > 7) refuse(`asks for writers of version ${minWriterVersion}`)
  if (minWriterVersion === 7) refuseUnknown(writerFeatures, writableFeatures, 'written')
  const schema = parseSchema(metadata.schemaString)
  // Rows are not seen here, so what has to hold of each row cannot be promised.
  if (hasKey(schema, 'delta.invariants')) refuse('has invariants of columns (delta.invariants)')
  if (hasKey(schema, 'delta.generationExpression')) refuse('has generated columns')
  if (hasKey(schema, 'delta.identity.start')) refuse('has identity columns')
  const constraint = Object.keys(metadata.configuration).find((key) => key.startsWith('delta.constraints.'))
  if (constraint !== undefined) refuse(`has the check constraint ${constraint}`)
  for (const property of ['delta.enableChangeDataFeed', 'delta.enableDeletionVectors', 'delta.enableRowTracking']) {
    if (isOn(metadata, property)) refuse(`has ${property}`)
  }
}

export const isAppendOnly = (metadata: Metadata): boolean => isOn(metadata, 'delta.appendOnly')

/** The least that a new table asks: what every reader and writer since 2020 does, unless a column needs more. */
export const protocolFor = (schema: StructType): Protocol =>
  anyType(schema, (type) => type === 'timestamp_ntz')
    ? {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: ['timestampNtz'],
        writerFeatures: ['timestampNtz', 'appendOnly', 'invariants'],
      }
    : { minReaderVersion: 1, minWriterVersion: 2 }

/** Whether a table of this protocol can take a schema, such as one with a new column, without asking more of its readers. */
export const allowsSchema = (protocol: Protocol, schema: StructType): boolean => {
  const needed = protocolFor(schema).readerFeatures ?? []
  return needed.every((feature) => protocol.readerFeatures?.includes(feature))
}

const units: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}

/** "interval 1 week", as table properties write a length of time. */
export const intervalMs = (metadata: Metadata, property: string, fallbackMs: number): number => {
  const text = metadata.configuration[property]
  if (text === undefined) return fallbackMs
  const parts = [...text.toLowerCase().matchAll(/(\d+)\s*([a-z]+?)s?\b/g)]
  const values = parts.map(([, count, unit]) => Number(count) * (units[unit ?? ''] ?? Number.NaN))
  const sum = values.reduce((total, each) => total + each, 0)
  if (values.length === 0 || Number.isNaN(sum)) {
    throw new DeltaError('invalid_argument', `${property} is '${text}', and not like 'interval 7 days'`)
  }
  return sum
}

const dayMs = 86_400_000

/** For how long a removed file, and what says that it was removed, is kept for readers of older versions. */
export const tombstoneRetentionMs = (metadata: Metadata): number =>
  intervalMs(metadata, 'delta.deletedFileRetentionDuration', 7 * dayMs)

/** For how long commits are kept once a checkpoint has taken them in. */
export const logRetentionMs = (metadata: Metadata): number =>
  intervalMs(metadata, 'delta.logRetentionDuration', 30 * dayMs)
