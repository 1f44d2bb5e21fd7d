import { StartError } from '../errors.ts'

export type Sasl = { mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER' }

/** Which stream CLICKWATCH_STREAM names. Names and passwords are in it where the URL has them; others come by the environment. */
export type StreamTarget =
  | { kind: 'embedded' }
  | {
      kind: 'kafka'
      brokers: string[]
      topic: string
      group: string
      isEncrypted: boolean
      mechanism: Sasl['mechanism'] | undefined
      user: string | undefined
      password: string | undefined
    }
  | {
      kind: 'eventhubs'
      /** With a key; without one, whoever runs the process is who it says it is. */
      connectionString: string | undefined
      namespace: string
      hub: string
      consumerGroup: string
    }

const mechanisms: Record<string, Sasl['mechanism']> = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
  oauthbearer: 'OAUTHBEARER',
}

const defaultTopic = 'webtraffic'

// Never with what was given: it may hold a password.
const wrong = (what: string): StartError => new StartError(`CLICKWATCH_STREAM ${what}`)
const expected =
  'embedded:, kafka://host:9092/topic, eventhubs://namespace.servicebus.windows.net/hub or the connection string of an event hub is expected.'

const settingsOf = (text: string, known: readonly string[]): URLSearchParams => {
  const settings = new URLSearchParams(text)
  const unknown = [...settings.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) throw wrong(`has a setting '${unknown}'; known are ${known.join(', ')}.`)
  return settings
}

const kafka = (text: string): StreamTarget => {
  // URLs know of one host, and a cluster has several.
  const match = /^kafka:\/\/(?:([^@/]*)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(text)
  const [, who, hosts = '', topic, query = ''] = match ?? []
  const brokers = hosts.split(',')
  if (!match || brokers.some((broker) => !/^(\[[\da-fA-F:]+\]|[\w.-]+)(:\d{1,5})?$/.test(broker))) {
    throw wrong(`is no address of brokers; ${expected}`)
  }
  if (topic && !/^[\w.-]{1,249}$/.test(topic)) throw wrong('names no topic: letters, digits, . _ and - are expected.')
  const settings = settingsOf(query, ['tls', 'sasl', 'group'])
  const tls = settings.get('tls') ?? 'no'
  if (tls !== 'yes' && tls !== 'no') throw wrong(`has tls=${tls}; yes or no is expected.`)
  const sasl = settings.get('sasl')
  const mechanism = sasl === null ? undefined : mechanisms[sasl.toLowerCase()]
  if (sasl !== null && !mechanism) {
    throw wrong(`has sasl=${sasl}; one of ${Object.keys(mechanisms).join(', ')} is expected.`)
  }
  const [user, password] = (who ?? '').split(':', 2).map(decodeURIComponent)
  return {
    kind: 'kafka',
    brokers: brokers.map((broker) => (/:\d+$/.test(broker) ? broker : `${broker}:9092`)),
    topic: topic || defaultTopic,
    group: settings.get('group') || 'clickwatch',
    isEncrypted: tls === 'yes',
    mechanism: mechanism ?? (user ? 'PLAIN' : undefined),
    user: user || undefined,
    password: password || undefined,
  }
}

const defaultConsumerGroup = '$Default'

const eventHubs = (text: string): StreamTarget => {
  const match = /^eventhubs:\/\/([\w.-]+)(?:\/([^?/]*))?(?:\?(.*))?$/.exec(text)
  const [, namespace = '', hub, query = ''] = match ?? []
  if (!match || !namespace.includes('.')) throw wrong(`is no address of an event hub; ${expected}`)
  const settings = settingsOf(query, ['consumer_group'])
  return {
    kind: 'eventhubs',
    connectionString: undefined,
    namespace,
    hub: hub || defaultTopic,
    consumerGroup: settings.get('consumer_group') || defaultConsumerGroup,
  }
}

const connectionString = (text: string): StreamTarget => {
  const parts = new Map(
    text
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => [part.split('=', 1)[0]?.trim().toLowerCase() ?? '', part.slice(part.indexOf('=') + 1).trim()]),
  )
  const namespace = URL.parse(parts.get('endpoint') ?? '')?.host
  if (!namespace) throw wrong(`is no connection string; ${expected}`)
  return {
    kind: 'eventhubs',
    connectionString: text,
    namespace,
    hub: parts.get('entitypath') || defaultTopic,
    consumerGroup: defaultConsumerGroup,
  }
}

/**
 * Reads CLICKWATCH_STREAM.
 * @throws {StartError} with what was expected
 */
export const readStreamTarget = (text: string | undefined): StreamTarget => {
  if (!text || text === 'embedded:' || text === 'embedded') return { kind: 'embedded' }
  if (text.startsWith('kafka://')) return kafka(text)
  if (text.startsWith('eventhubs://')) return eventHubs(text)
  if (/^\s*endpoint=/i.test(text)) return connectionString(text)
  throw wrong(`is none of what is known; ${expected}`)
}

/** The name under which the pipeline keeps its places in a stream. */
export const streamNameOf = (target: StreamTarget): string => {
  if (target.kind === 'embedded') return 'embedded'
  return target.kind === 'kafka' ? `kafka/${target.topic}` : `eventhubs/${target.namespace}/${target.hub}`
}
