import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createServer } from '../http/server.ts'
import type { LiveHub } from '../live/hub.ts'
import type { Positions } from '../pipeline/positions.ts'
import type { Store } from '../store/store.ts'
import { type AddressOf, guard } from './access.ts'
import { addLedgerRoute } from './ledger.ts'
import { addLiveRoute } from './live.ts'
import { addPages } from './pages.ts'
import { addQueryRoutes } from './query.ts'
import { addReportRoute } from './report.ts'
import { addTablesRoute } from './tables.ts'

/** The HTTP server that answers questions and shows the dashboard. */
export const createApi = async (options: {
  store: Store
  hub: LiveHub
  positions: Positions
  /** How many the stream has. */
  partitions: number
  apiKey: string | undefined
  timeZone: string
  /** Where the tracker is served, as the dashboard tells whoever installs it. */
  scriptPath: string
  addressOf: AddressOf
  logger: Logger
}): Promise<FastifyInstance> => {
  const server = createServer(options.logger)
  await server.register(async (api) => {
    guard(api, options.apiKey, options.addressOf)
    addQueryRoutes(api, options)
    addLedgerRoute(api, options)
    addReportRoute(api, options.store)
    addTablesRoute(api, options.store)
    addLiveRoute(api, options.hub)
  })
  server.get('/health/ready', async () => {
    await options.store.query('SELECT 1')
    return { status: 'ready' }
  })
  await server.register(addPages)
  return server
}
