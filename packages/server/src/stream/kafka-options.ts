import type { ConsumerOptions } from '@platformatic/kafka'
import { StartError } from '../errors.ts'
import { readCredentialFile, requireToken, type StreamCredentials, tokenOf } from './credentials.ts'
import type { StreamTarget } from './target.ts'

export type KafkaTarget = Extract<StreamTarget, { kind: 'kafka' }>
export type KafkaSource = { target: KafkaTarget; credentials: StreamCredentials }

type ConnectionOptions = Pick<
  ConsumerOptions<Buffer, Buffer, Buffer, Buffer>,
  'clientId' | 'bootstrapBrokers' | 'tls' | 'tlsServerName' | 'sasl' | 'connectTimeout' | 'requestTimeout'
>

const saslOf = ({ target, credentials }: KafkaSource): Pick<ConnectionOptions, 'sasl'> => {
  const { mechanism } = target
  if (!mechanism) return {}
  if (mechanism === 'OAUTHBEARER') {
    requireToken(credentials)
    return { sasl: { mechanism, token: () => tokenOf(credentials) } }
  }
  const [username, password] = [credentials.user ?? target.user, credentials.password ?? target.password]
  if (username === undefined || password === undefined) {
    throw new StartError(
      `For sasl=${mechanism.toLowerCase()}, CLICKWATCH_STREAM_USER and CLICKWATCH_STREAM_PASSWORD are expected.`,
    )
  }
  return { sasl: { mechanism, username, password } }
}

const tlsOf = ({ target, credentials }: KafkaSource): Pick<ConnectionOptions, 'tls' | 'tlsServerName'> => {
  if (!target.isEncrypted) return {}
  const { caFile, certificateFile, keyFile } = credentials
  return {
    tlsServerName: true,
    tls: {
      ...(caFile ? { ca: readCredentialFile('CLICKWATCH_STREAM_CA', caFile) } : {}),
      ...(certificateFile ? { cert: readCredentialFile('CLICKWATCH_STREAM_CERTIFICATE', certificateFile) } : {}),
      ...(keyFile ? { key: readCredentialFile('CLICKWATCH_STREAM_KEY', keyFile) } : {}),
    },
  }
}

/** How brokers are reached and what they are shown. */
export const connectionOf = (source: KafkaSource, clientId: string): ConnectionOptions => ({
  clientId,
  bootstrapBrokers: source.target.brokers,
  connectTimeout: 5000,
  requestTimeout: 15_000,
  ...tlsOf(source),
  ...saslOf(source),
})
