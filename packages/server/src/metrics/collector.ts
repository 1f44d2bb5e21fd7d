import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { operatorHeader } from '../collect/forward.ts'
import type { Disk } from '../disk.ts'
import { requireFullAccess } from '../http/access.ts'
import type { StreamWriter } from '../stream/stream.ts'

const engineLimitMs = 5000

/** What the engine answers on its socket; undefined when it is away. */
const askEngine = (socketPath: string, path: string): Promise<unknown> =>
  new Promise((resolve) => {
    const headers = { host: 'localhost', [operatorHeader]: 'yes' }
    const asked = request({ socketPath, path, headers, timeout: engineLimitMs }, (response) => {
      if (response.statusCode === 200) json(response).then(resolve, () => resolve(undefined))
      else resolve(response.resume() && undefined)
    })
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => resolve(undefined))
    asked.end()
  })

/** The engine that a collector stands before. */
const engineBehind = (socketPath: string, registry: Registry) => {
  const isUp = new Gauge({ name: 'clickwatch_engine_up', help: '1 when the engine answers.', registers: [registry] })
  return {
    async ready(): Promise<{ engine: 'away' | 'ready' }> {
      return { engine: (await askEngine(socketPath, '/internal/ready')) === undefined ? 'away' : 'ready' }
    },
    async metrics(): Promise<object[][]> {
      const answered = await askEngine(socketPath, '/internal/metrics')
      isUp.set(answered === undefined ? 0 : 1)
      return answered === undefined ? [] : [answered as object[]]
    },
  }
}

/**
 * `GET /healthz` (the process lives), `GET /readyz` (events can be taken in; what of the engine), for anyone; `GET /metrics` in
 * Prometheus' text format, of collector and engine, for the key's holder, or this machine where there is no key.
 */
export const addHealthRoutes = (
  server: FastifyInstance,
  options: {
    stream: StreamWriter
    disk: Disk
    /** Of the engine; undefined where the collector runs apart. */
    socketPath: string | undefined
    apiKey: string | undefined
  },
): void => {
  const { stream, disk, socketPath, apiKey } = options
  const registry = new Registry()
  registry.setDefaultLabels({ role: 'collector' })
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  new Gauge({
    name: 'clickwatch_queue_bytes',
    help: 'Bytes that wait for the disk.',
    registers,
    collect() {
      this.set(stream.pendingBytes)
    },
  })
  new Gauge({
    name: 'clickwatch_spool_bytes',
    help: 'Bytes that are on the disk here and wait for the stream.',
    registers,
    collect() {
      this.set(stream.waitingBytes)
    },
  })
  new Gauge({
    name: 'clickwatch_disk_free_bytes',
    help: 'Bytes that are free on the disk of the data folder.',
    registers,
    collect() {
      this.set(disk.freeBytes())
    },
  })
  const answers = new Counter({
    name: 'clickwatch_collect_answers_total',
    help: 'Answers to what was sent in, by status.',
    labelNames: ['status'],
    registers,
  })
  server.addHook('onResponse', async (request, reply) => {
    if (request.method === 'POST' && request.routeOptions.url !== '/*') answers.inc({ status: reply.statusCode })
  })

  const engine = socketPath === undefined ? undefined : engineBehind(socketPath, registry)

  server.get('/healthz', async () => ({ status: 'live' }))
  server.get('/readyz', async (_request, reply) => {
    const isFull = disk.isNearlyFull()
    return reply
      .code(isFull ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({ status: isFull ? 'disk_full' : 'ready', ...(await engine?.ready()) })
  })
  server.get('/metrics', async (request, reply) => {
    requireFullAccess({ address: request.socket.remoteAddress, headers: request.headers }, apiKey)
    const ofEngine = (await engine?.metrics()) ?? []
    const both = [await registry.getMetricsAsJSON(), ...ofEngine]
    const merged = AggregatorRegistry.aggregate(both as object[])
    return reply.header('content-type', merged.contentType).send(await merged.metrics())
  })
}
