import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readAgent } from './agent.ts'
import { botReason } from './bot.ts'
import { acquisitionOfPage } from './source.ts'

const golden = <Row>(name: string): Row[] =>
  JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'))

it('two hundred user agents that real programs send are read as what they are', () => {
  const rows = golden<{ user_agent: string; excluded: string }>('agents.json')
  expect(rows.length).toBeGreaterThanOrEqual(200)
  const read = rows.map(({ user_agent }) => {
    const headers = { 'user-agent': user_agent }
    return { user_agent, ...readAgent(headers), excluded: botReason(headers) }
  })
  expect(read).toEqual(rows)
})

it.each(['sources.json', 'click-ids.json'])('%s: visits come from where the table says', (name) => {
  const rows = golden<{ page: string; referrer: string }>(name)
  const read = rows.map((row) => {
    const found = acquisitionOfPage(row.page, row.referrer) as Record<string, string>
    return Object.fromEntries(
      Object.keys(row).map((key) => [
        key,
        key in row && key in found && key !== 'referrer' ? found[key] : row[key as keyof typeof row],
      ]),
    )
  })
  expect(read).toEqual(rows)
})
