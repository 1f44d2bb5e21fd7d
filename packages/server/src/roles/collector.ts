import { createCollector } from '../collect/collector.ts'
import { forwardToEngine } from '../collect/forward.ts'
import { openIdentity, type SharedSecrets } from '../collect/identity.ts'
import { scrubsOf } from '../collect/scrub.ts'
import type { Config } from '../config.ts'
import { watchDisk } from '../disk.ts'
import { createLogger } from '../http/server.ts'
import { openIdeasReader } from '../metadata/ideas-reader.ts'
import { longestSilenceMs } from '../metadata/sites.ts'
import { watchSitesBeside } from '../metadata/sites-watch.ts'
import { addHealthRoutes } from '../metrics/collector.ts'
import { openPositionsReader } from '../pipeline/positions.ts'
import { openStreamWriter } from '../stream/open.ts'
import { listenPublicly } from './listen.ts'
import { folders, metadataOf, type Role, streamOptionsOf } from './role.ts'

const trimEveryMs = 60_000
const tidyEveryMs = 5000

/**
 * The collector: takes events in on the public port.
 * @param beside the engine's socket, to which everything else is handed; or, where it runs apart, what all collectors have in common
 */
export const openCollector = async (
  config: Config,
  beside: { socketPath: string } | { shared: SharedSecrets },
): Promise<Role & { port: number }> => {
  const { stream: streamFolder, spool: spoolFolder, positions: positionsFolder } = folders(config)
  const logger = createLogger('collector', config.logLevel)
  const stream = await openStreamWriter({
    ...streamOptionsOf(config, logger),
    folder: streamFolder,
    spoolFolder,
    spoolLimitBytes: config.spoolLimitBytes,
  })
  const positions = openPositionsReader(positionsFolder)
  const disk = watchDisk(streamFolder, config.leastFreeBytes)
  const sites = await watchSitesBeside(metadataOf(config, logger), config.sitesFile, (error) =>
    logger.error({ err: error }, 'what is set up of sites cannot be read; what is known goes on'),
  )
  const { rulesOf } = sites
  const identity = openIdentity(config.dataFolder, {
    silenceMsOf: (site) => rulesOf(site).visits.inactivityMs,
    longestSilenceMs: longestSilenceMs(config.sitesFile),
    ...('shared' in beside ? { shared: beside.shared } : {}),
  })
  const ideas = openIdeasReader(metadataOf(config, logger), (error) =>
    logger.error({ err: error }, 'the ideas of a site cannot be read; the last that are known go on'),
  )
  const server = await createCollector({
    stream,
    apiKey: config.apiKey,
    queueLimitBytes: config.queueLimitBytes,
    isNearlyFull: () => disk.isNearlyFull(),
    limits: config.limits,
    eventsPerAddress: config.eventsPerAddress,
    trustedProxies: config.trustedProxies,
    geoDatabase: config.geoDatabase,
    scriptPath: config.scriptPath,
    collectPath: config.collectPath,
    identity,
    rulesOf,
    scrubOf: scrubsOf((site) => rulesOf(site).scrubParameters, config.scrubParameters),
    ideas,
    logger,
  })
  const socketPath = 'socketPath' in beside ? beside.socketPath : undefined
  addHealthRoutes(server, { stream, disk, socketPath, apiKey: config.apiKey })
  if (socketPath !== undefined) await forwardToEngine(server, socketPath)

  const trim = async () => {
    for (let partition = 0; partition < config.partitions; partition++) {
      await stream.trim(partition, positions.offset(partition), Date.now() - config.streamRetentionMs)
    }
  }
  const trimming = setInterval(() => {
    trim().catch((error: unknown) =>
      logger.error({ err: error }, 'trimming the stream failed; it is tried again in a minute'),
    )
  }, trimEveryMs)
  const tidying = setInterval(() => {
    try {
      identity.tidy()
    } catch (error) {
      logger.error({ err: error }, 'tidying the secrets of the day failed; it is tried again in a moment')
    }
  }, tidyEveryMs)

  const port = await listenPublicly(server, config)
  return {
    port,
    async stop() {
      clearInterval(trimming)
      clearInterval(tidying)
      await server.close()
      identity.tidy()
      await Promise.all([stream.close(), positions.close(), ideas.close(), sites.close()])
    },
  }
}
