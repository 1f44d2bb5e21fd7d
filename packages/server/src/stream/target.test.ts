import { describe, expect, it } from 'vitest'
import { readStreamTarget, streamNameOf } from './target.ts'

describe('CLICKWATCH_STREAM', () => {
  it('is the embedded stream where it says so, or nothing', () => {
    for (const text of [undefined, '', 'embedded:']) expect(readStreamTarget(text)).toEqual({ kind: 'embedded' })
  })

  it('is brokers and a topic, with who we are and how', () => {
    expect(readStreamTarget('kafka://one:9093,two/clicks?tls=yes&sasl=SCRAM-SHA-512&group=ours')).toEqual({
      kind: 'kafka',
      brokers: ['one:9093', 'two:9092'],
      topic: 'clicks',
      group: 'ours',
      isEncrypted: true,
      mechanism: 'SCRAM-SHA-512',
      user: undefined,
      password: undefined,
    })
    expect(readStreamTarget('kafka://me:p%40ss%3A@[::1]:9092')).toMatchObject({
      brokers: ['[::1]:9092'],
      topic: 'webtraffic',
      mechanism: 'PLAIN',
      user: 'me',
      password: 'p@ss:',
      isEncrypted: false,
    })
  })

  it('is an event hub, by the connection string as Azure prints it or by who runs the process', () => {
    const text =
      'Endpoint=sb://orderstatus.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=c2VjcmV0PQ==;EntityPath=webtraffic'
    const target = readStreamTarget(text)
    expect(target).toMatchObject({
      kind: 'eventhubs',
      connectionString: text,
      hub: 'webtraffic',
      consumerGroup: '$Default',
    })
    expect(streamNameOf(target)).toBe('eventhubs/orderstatus.servicebus.windows.net/webtraffic')
    expect(readStreamTarget('eventhubs://orderstatus.servicebus.windows.net/clicks?consumer_group=ours')).toEqual({
      kind: 'eventhubs',
      connectionString: undefined,
      namespace: 'orderstatus.servicebus.windows.net',
      hub: 'clicks',
      consumerGroup: 'ours',
    })
  })

  it.each([
    ['kafka://', 'is no address of brokers'],
    ['kafka://host:9092/a topic', 'names no topic'],
    ['kafka://host/topic?sasl=gssapi', 'one of plain, scram-sha-256, scram-sha-512, oauthbearer'],
    ['kafka://host/topic?tls=maybe', 'yes or no'],
    ['kafka://host/topic?compression=zstd', "has a setting 'compression'"],
    ['eventhubs://webtraffic', 'is no address of an event hub'],
    ['Endpoint=nowhere;SharedAccessKey=secret', 'is no connection string'],
    ['amqp://secret@host', 'is none of what is known'],
  ])('%s is refused with what was expected, and without what was given', (text, reason) => {
    const read = () => readStreamTarget(text)
    expect(read).toThrow(reason)
    expect(read).not.toThrow(/secret/)
  })
})
