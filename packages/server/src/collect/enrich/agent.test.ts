import { describe, expect, it } from 'vitest'
import { readAgent, splitOs } from './agent.ts'

describe('a user agent', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0',
      { browser: 'Edge', browser_version: '141', os: 'Windows', os_version: '10', device: 'desktop' },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', browser_version: '18', os: 'iOS', os_version: '18.6', device: 'mobile' },
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0',
      { browser: 'Firefox', browser_version: '143', os: 'macOS', os_version: '10.15', device: 'desktop' },
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
      { browser: 'Samsung Internet', browser_version: '28', os: 'Android', os_version: '10', device: 'mobile' },
    ],
    ['curl/8.5.0', { browser: '', browser_version: '', os: '', os_version: '', device: '' }],
    [undefined, { browser: '', browser_version: '', os: '', os_version: '', device: '' }],
  ])('%s is read', (userAgent, agent) => {
    expect(readAgent({ 'user-agent': userAgent })).toEqual(agent)
  })

  it('of a session document comes as one word for the system, which is split', () => {
    expect(splitOs('Windows 10')).toEqual({ os: 'Windows', os_version: '10' })
    expect(splitOs('macOS')).toEqual({ os: 'macOS', os_version: '' })
  })
})
