import { siteIdPattern } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'

// What PostHog's browser library asks before it captures (https://posthog.com/docs/api/flags): which of its products are on. Here
// that is its events; it has no flags, recordings or surveys to wait for.

const sitePattern = new RegExp(siteIdPattern)

const configOf = (token: string) => {
  if (!sitePattern.test(token)) throw invalidField('token', "is expected to be the project's key")
  return {
    token,
    analytics: { endpoint: '/i/v0/e/' },
    supportedCompression: ['gzip', 'gzip-js', 'base64'],
    autocapture_opt_out: false,
    elementsChainAsString: false,
    defaultIdentifiedOnly: true,
    hasFeatureFlags: false,
    sessionRecording: false,
    heatmaps: false,
    surveys: false,
    captureDeadClicks: false,
    capturePerformance: false,
    autocaptureExceptions: false,
    siteApps: [],
  }
}

const flags = { flags: {}, featureFlags: {}, featureFlagPayloads: {}, errorsWhileComputingFlags: false }

/** Paths that a page of another origin may post to. */
export const postHogFlagPaths = ['/flags', '/flags/', '/decide', '/decide/']

/** `GET /array/:token/config` and `config.js`, `POST /flags`: for anyone; nothing of them is kept. */
export const addPostHogConfigRoutes = (server: FastifyInstance): void => {
  for (const path of postHogFlagPaths) server.post(path, { bodyLimit: 64 * 1024 }, async () => flags)
  server.get<{ Params: { token: string } }>('/array/:token/config', async ({ params }) => configOf(params.token))
  server.get<{ Params: { token: string } }>('/array/:token/config.js', async ({ params }, reply) => {
    const { token } = params
    const config = JSON.stringify({ config: configOf(token), siteApps: [] })
    const script = `(window._POSTHOG_REMOTE_CONFIG ??= {})[${JSON.stringify(token)}] = ${config}`
    return reply
      .type('text/javascript; charset=utf-8')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(script)
  })
}
