import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type ClickWatch, eventually, startClickWatch } from './fixtures/clickwatch.ts'
import { batch, event } from './fixtures/events.ts'
import { parsePromql, queriesIn } from './fixtures/prometheus.ts'

let clickWatch: ClickWatch
afterEach(() => clickWatch.dispose())

describe('a running server', () => {
  it('says how it is, to whoever may know', async () => {
    clickWatch = await startClickWatch({ env: { CLICKWATCH_API_KEY: 'secret' } })
    expect(await clickWatch.get('/healthz')).toEqual({ status: 'live' })
    expect(await clickWatch.get('/readyz')).toEqual({ status: 'ready', engine: 'ready' })
    expect((await fetch(`${clickWatch.baseUrl}/metrics`)).status).toBe(401)
    expect((await fetch(`${clickWatch.baseUrl}/internal/metrics`)).status).toBe(404)

    const twice = event()
    const malformed = { ...event(), type: 'nothing' } as never
    await clickWatch.post('/e', batch('v', 's', [event(), twice, malformed]))
    await clickWatch.post('/e', batch('v', 's', [twice]))
    const figures = await eventually('both batches to be counted', async () => {
      const answer = await fetch(`${clickWatch.baseUrl}/metrics`, { headers: { authorization: 'Bearer secret' } })
      const text = await answer.text()
      return text.includes('clickwatch_duplicates_total{role="engine"} 1') && !/lag_records\{.*\} [1-9]/.test(text)
        ? text
        : undefined
    })
    expect(figures).toContain('clickwatch_events_total{role="engine"} 2')
    expect(figures).toContain('clickwatch_collect_answers_total{status="202",role="collector"} 2')
    expect(figures).toMatch(/clickwatch_stream_lag_records\{partition="0",role="engine"\} 0/)
    for (const name of ['queue_bytes', 'batch_records_bucket', 'batch_seconds_sum', 'parts', 'remembered_visitors']) {
      expect(figures).toContain(`clickwatch_${name}{`)
    }
    expect(figures).toMatch(/process_resident_memory_bytes\{role="collector"\} \d+/)
    expect(figures).toMatch(/process_resident_memory_bytes\{role="engine"\} \d+/)

    // What Prometheus and Grafana are given asks of nothing else than there is.
    const asked = queriesIn(join(import.meta.dirname, '..')).map(({ expr }) => parsePromql(expr))
    const metrics = new Set(asked.flatMap((each) => each.metrics).filter((name) => !['up', 'ALERTS'].includes(name)))
    expect(metrics.size).toBeGreaterThan(15)
    expect([...metrics].filter((name) => !new RegExp(`^${name}\\{`, 'm').test(figures))).toEqual([])
    const ofPrometheus = ['instance', 'job', 'alertname', 'alertstate']
    const labels = new Set(asked.flatMap((each) => each.labels).filter((name) => !ofPrometheus.includes(name)))
    expect([...labels].filter((name) => !figures.includes(`${name}="`))).toEqual([])
  })

  it('takes nothing in while the disk is nearly full, and says so', async () => {
    clickWatch = await startClickWatch({ env: { CLICKWATCH_MIN_FREE_BYTES: String(2 ** 50) } })
    const answer = await clickWatch.post('/e', batch('v', 's', [event()]))
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('30')
    expect(await answer.json()).toMatchObject({ error: { code: 'disk_full', request_id: expect.any(String) } })
    expect((await fetch(`${clickWatch.baseUrl}/readyz`)).status).toBe(503)
    expect((await fetch(`${clickWatch.baseUrl}/healthz`)).status).toBe(200)
    const metrics = await clickWatch.query({ metrics: ['events'], date_range: 'all' })
    expect(metrics.results[0]?.metrics).toEqual([0])
  })
})
