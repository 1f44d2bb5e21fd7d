import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createServer } from '../http/server.ts'
import type { IdeasReader } from '../metadata/ideas-reader.ts'
import type { RulesOf } from '../metadata/sites.ts'
import type { StreamWriter } from '../stream/stream.ts'
import { createAppender } from './appender.ts'
import { openToPages } from './cors.ts'
import { addDoorRoutes } from './door.ts'
import { openPlaces } from './enrich/geo.ts'
import { addEventsRoute } from './events.ts'
import { createForeign } from './foreign.ts'
import { addIdeaScripts } from './ideas.ts'
import type { Identity } from './identity.ts'
import { createIntake } from './intake.ts'
import { type CollectLimits, createRates } from './limits.ts'
import { addPixelRoute } from './pixel.ts'
import { addPlausibleRoute } from './plausible.ts'
import { addPostHogRoutes } from './posthog.ts'
import { addPostHogConfigRoutes, postHogFlagPaths } from './posthog-config.ts'
import { addScriptRoutes } from './script.ts'
import type { ScrubOf } from './scrub.ts'
import { addSessionsRoute } from './sessions.ts'
import { addTrackerRoute } from './tracker.ts'
import { addUmamiRoutes } from './umami.ts'

const defaults = { scriptPath: '/clickwatch.js', collectPath: '/e' }

/** PostHog's libraries write the slash at the end, or do not; without it, /e is ours. */
const postHogPaths = ['/e/', ...['/i/v0/e', '/capture', '/batch'].flatMap((path) => [path, `${path}/`])]

/** The HTTP server that takes events in and puts them on the stream; everything it answers 202 to is on disk. */
export const createCollector = async (options: {
  stream: StreamWriter
  apiKey: string | undefined
  queueLimitBytes: number
  /** Whether the disk has too little room for anything more. */
  isNearlyFull: () => boolean
  /** Events a minute that one address may send; 0 is without limit. */
  eventsPerAddress: number
  limits: CollectLimits
  /** Addresses and ranges of proxies whose word about the visitor's address is taken; this machine's is anyway. */
  trustedProxies: readonly string[]
  /** .mmdb file of cities; undefined is none. */
  geoDatabase: string | undefined
  /** Where the tracker and its events are served beside the default paths. */
  scriptPath: string
  collectPath: string
  identity: Identity
  rulesOf: RulesOf
  scrubOf: ScrubOf
  ideas: IdeasReader
  logger: Logger
}): Promise<FastifyInstance> => {
  const server = createServer(options.logger, options.trustedProxies)
  const append = createAppender(options.stream, options.queueLimitBytes, options.isNearlyFull)
  const placeOf = await openPlaces(options.geoDatabase)
  const { identity, rulesOf, scrubOf, limits } = options
  const foreign = createForeign(limits)
  const take = createIntake({
    append,
    placeOf,
    identity,
    rulesOf,
    scrubOf,
    rates: createRates(options.eventsPerAddress, rulesOf),
  })

  await server.register(async (collection) => {
    // Trackers send text/plain to spare the browser a preflight, so the body is read by what it is and not by its label.
    collection.removeAllContentTypeParsers()
    collection.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    addSessionsRoute(collection, append, options.apiKey, scrubOf)
    addEventsRoute(collection, take, options.apiKey, limits)
    await collection.register(async (open) => {
      const collectPaths = new Set([defaults.collectPath, options.collectPath])
      openToPages(open, [
        ...collectPaths,
        '/api/event',
        '/api/send',
        '/api/batch',
        ...postHogPaths,
        ...postHogFlagPaths,
      ])
      for (const path of collectPaths) {
        addTrackerRoute(open, path, take, limits)
        addPixelRoute(open, `${path}.gif`, take, limits)
      }
      addPlausibleRoute(open, take, foreign)
      addUmamiRoutes(open, take, identity, foreign)
      addPostHogRoutes(open, postHogPaths, take, identity, foreign)
      addPostHogConfigRoutes(open)
    })
  })
  const scripts = new Map([
    [defaults.scriptPath, defaults.collectPath],
    [options.scriptPath, options.collectPath],
  ])
  for (const [path, collectPath] of scripts) {
    await addScriptRoutes(server, path, collectPath)
    await addIdeaScripts(server, path, { ideas: options.ideas, identity, rulesOf, placeOf })
  }
  await server.register(async (doors) =>
    addDoorRoutes(doors, { ideas: options.ideas, rulesOf, scriptPath: options.scriptPath }),
  )
  return server
}
