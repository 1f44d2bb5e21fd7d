import { readFileSync } from 'node:fs'
import type { ErrorAnswer } from '@clickwatch/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClickWatch, eventually, startClickWatch } from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'
import { type Malformed, malformed } from '../fixtures/malformed.ts'

const atOnce = 8
const mostGrowthMb = 250

let clickWatch: ClickWatch
beforeAll(async () => {
  clickWatch = await startClickWatch()
})
afterAll(() => clickWatch.dispose())

const memoryMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** What is not as it should be about the answer to one body; undefined when all is. */
const complaint = async (given: Malformed): Promise<string | undefined> => {
  const { path, body, contentType = 'application/json', kind, field } = given
  const response = await fetch(clickWatch.baseUrl + path, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: new Uint8Array(body),
  })
  const text = await response.text()
  const told = `${kind} at ${path}: ${body.subarray(0, 120)} → ${response.status} ${text.slice(0, 300)}`
  if (response.status < 400 || response.status >= 500) return told
  const { error } = JSON.parse(text) as ErrorAnswer
  const isWhole = error.code && error.message.length > 10 && error.request_id === response.headers.get('x-request-id')
  if (!isWhole) return `not said well: ${told}`
  return field === undefined || `${error.field} ${error.message}`.includes(field) ? undefined : `no ${field}: ${told}`
}

describe('malformed bodies', () => {
  const bodies = malformed()

  it('are each refused with a reason, and leave the server as it was', async () => {
    expect(bodies.length).toBeGreaterThan(1000)
    const pids = [clickWatch.pidOf('collector'), clickWatch.pidOf('engine')] as const
    const before = pids.map(memoryMb)

    const complaints: string[] = []
    const queue = bodies.values()
    const work = async () => {
      for (const body of queue) {
        const said = await complaint(body)
        if (said !== undefined) complaints.push(said)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    expect(complaints).toEqual([])

    expect([clickWatch.pidOf('collector'), clickWatch.pidOf('engine')]).toEqual(pids)
    for (const [index, pid] of pids.entries()) {
      expect(memoryMb(pid) - (before[index] ?? 0)).toBeLessThan(mostGrowthMb)
    }

    const answer = await clickWatch.post('/e?site=malformed', batch('v1', 's1', [event()]))
    expect(answer.status).toBe(202)
    const events = await eventually('the good event', async () => {
      const { results } = await clickWatch.query({ site_id: 'malformed', metrics: ['events'], date_range: 'all' })
      return results[0]?.metrics[0] || undefined
    })
    expect(events).toBe(1)
  })
})
