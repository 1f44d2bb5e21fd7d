import { expect, it } from 'vitest'
import { readAgent } from './agent.ts'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'

it.each([
  [
    '"Not;A=Brand";v="99", "Brave";v="141", "Chromium";v="141"',
    '"Windows"',
    '"15.0.0"',
    ['Brave', '141', 'Windows', '11'],
  ],
  [
    '"Chromium";v="141", "Google Chrome";v="141", "Not?A_Brand";v="8"',
    '"Windows"',
    '"10.0.0"',
    ['Chrome', '141', 'Windows', '10'],
  ],
  [
    '"Opera GX";v="120", "Not-A.Brand";v="8", "Chromium";v="135"',
    '"macOS"',
    '"14.5.0"',
    ['Opera', '120', 'macOS', '14'],
  ],
  ['"Chromium";v="141", "Not(A:Brand";v="24"', '"Chrome OS"', undefined, ['Chrome', '141', 'ChromeOS', '']],
])('hints of %s on %s %s say more than the User-Agent', (brands, platform, version, expected) => {
  const hints = { 'sec-ch-ua': brands, 'sec-ch-ua-platform': platform, 'sec-ch-ua-platform-version': version }
  const { browser, browser_version, os, os_version } = readAgent({ 'user-agent': chrome, ...hints })
  expect([browser, browser_version, os, os_version]).toEqual(expected)
})

it('without hints the User-Agent holds', () => {
  expect(readAgent({ 'user-agent': chrome })).toMatchObject({ browser: 'Chrome', os: 'Windows', os_version: '10' })
})
