import { describe, expect, it } from 'vitest'
import { readStoreTarget } from './target.ts'

const targetOf = (urls: string, cluster = '') =>
  readStoreTarget({ CLICKWATCH_CLICKHOUSE: urls, CLICKWATCH_CLICKHOUSE_CLUSTER: cluster })

describe('where events are kept', () => {
  it('is in the process unless an address is given', () => {
    expect(readStoreTarget({})).toBeUndefined()
    expect(targetOf('')).toBeUndefined()
  })

  it('is one server, or several that know each other by a name', () => {
    expect(targetOf('https://u:p%2C@a:8443')).toEqual({ urls: ['https://u:p%2C@a:8443'], cluster: undefined })
    expect(targetOf(' http://a:8123, http://b:8123,', 'clickwatch')).toEqual({
      urls: ['http://a:8123', 'http://b:8123'],
      cluster: 'clickwatch',
    })
  })

  it.each([
    ['secret', '', /^CLICKWATCH_CLICKHOUSE is no list of addresses/],
    ['http://u:se,cret@a:8123', 'clickwatch', /%2C for a comma/],
    ['clickhouse://u:secret@a:9000', '', /is no list of addresses/],
    ['http://u:secret@a:8123,http://u:secret@b:8123', '', /CLICKWATCH_CLICKHOUSE_CLUSTER has to say/],
    ['http://u:secret@a:8123', "it's", /^CLICKWATCH_CLICKHOUSE_CLUSTER is 'it's'/],
  ])('stops the start where it is %s, cluster %s, and its password is not told', (urls, cluster, sentence) => {
    const read = () => targetOf(urls, cluster)
    expect(read).toThrow(sentence)
    expect(read).not.toThrow(/secret|cret@/)
  })
})
