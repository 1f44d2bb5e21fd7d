import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Idea } from '@clickwatch/contract'
import type { RunningIdea } from '@clickwatch/contract/assignment'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { siteOf } from '../http/site.ts'
import type { IdeasReader } from '../metadata/ideas-reader.ts'
import type { RulesOf } from '../metadata/sites.ts'
import { isOutside, type Known } from './audience.ts'
import { openCompression } from './compression.ts'
import { readAgent } from './enrich/agent.ts'
import type { PlaceOf } from './enrich/geo.ts'
import type { Identity } from './identity.ts'
import { languageOf } from './intake.ts'
import { besidePath, built } from './script.ts'

/** What the script is built with in place of a site's ideas. */
const placeholder = 'CLICKWATCH_IDEAS'
const secondsFresh = 60

type Running = Idea & { variants: NonNullable<Idea['variants']> }
const isRunning = (idea: Idea): idea is Running => idea.variants !== undefined && idea.status !== 'decided'

/** An idea as pages need it: nothing of what is expected of it, or of what it costs. */
const runningOf = (idea: Running, known: Known): RunningIdea => {
  const { key, variants, holdout, exclusive_group: group, ladder, counted_from, audience = [] } = idea
  const rule = ladder[0]?.rule
  const page = rule?.type === 'page' ? rule.path : undefined
  const isSplit = variants.some(({ url }) => url !== undefined)
  return {
    key,
    since: Date.parse(counted_from),
    variants: variants.map(({ key: name, weight, url, changes }, index) => {
      // Who is not sent anywhere is on the page the idea is about.
      const where = url ?? (isSplit && index === 0 ? page : undefined)
      return { key: name, weight, ...(where === undefined ? {} : { url: where }), ...(changes ? { changes } : {}) }
    }),
    ...(holdout ? { holdout } : {}),
    ...(group === undefined ? {} : { group }),
    ...(isOutside(audience, known) ? { is_outside: true } : {}),
  }
}

const knownOf = (request: FastifyRequest, placeOf: PlaceOf): Known => {
  const { headers, ip } = request
  const agent = readAgent(headers)
  const { country, region, city } = placeOf(ip)
  return {
    'visit:browser': agent.browser,
    'visit:browser_version': agent.browser_version,
    'visit:os': agent.os,
    'visit:os_version': agent.os_version,
    'visit:device': agent.device,
    'visit:country': country,
    'visit:region': region,
    'visit:city': city,
    'visit:language': languageOf(headers),
  }
}

const { shared, once } = openCompression()

const send = async (
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  isPersonal: boolean,
): Promise<FastifyReply> => {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  reply.header('etag', etag).header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const kind = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
  if (!kind) return reply.send(text)
  return reply.header('content-encoding', kind).send(await (isPersonal ? once : shared)(text, kind))
}

/**
 * `GET /clickwatch.ideas.js?site=…` beside the tracker, for anyone: what shows a site's visitors their variants, with the running ideas
 * inside; and `/clickwatch.ideas.json`, the ideas alone, for packages. With `&identity=cookieless` or `consent`, and for a site that is
 * cookieless, it says that the browser keeps nothing; and, where there are variants, whom they are assigned to today. Any website may
 * read that, so that it is not the visitor's id.
 */
export const addIdeaScripts = async (
  server: FastifyInstance,
  path: string,
  options: { ideas: IdeasReader; identity: Identity; rulesOf: RulesOf; placeOf: PlaceOf },
): Promise<void> => {
  const { ideas, identity, rulesOf, placeOf } = options
  const script = await readFile(built('clickwatch.ideas.js'), 'utf8')
  if (script.split(placeholder).length !== 2) throw new Error(`the script is expected to say ${placeholder} once`)

  const given = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<{ json: string; isPersonal: boolean }> => {
    const rules = rulesOf(siteOf(request.query))
    const asked = (request.query as { identity?: unknown }).identity
    const running = (await ideas.of(rules.id)).filter(isRunning)
    const keepsNothing = rules.isCookieless || asked === 'cookieless' || asked === 'consent'
    const isPersonal = keepsNothing && running.length > 0
    const hasAudience = running.some(({ audience }) => audience && audience.length > 0)
    const unit = isPersonal
      ? identity.unitOf(rules.id, request.ip, request.headers['user-agent'] ?? '', Date.now())
      : undefined
    reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header(
        'cache-control',
        isPersonal ? 'no-store' : `${hasAudience ? 'private' : 'public'}, max-age=${secondsFresh}`,
      )
    const known = knownOf(request, placeOf)
    const json = JSON.stringify({
      ideas: running.map((idea) => runningOf(idea, known)),
      ...(keepsNothing ? { keeps_nothing: true } : {}),
      ...(unit === undefined ? {} : { unit }),
    })
    return { json, isPersonal }
  }
  server.get(besidePath(path, 'ideas.js'), async (request, reply) => {
    const { json, isPersonal } = await given(request, reply)
    reply.header('content-type', 'text/javascript; charset=utf-8')
    const text = script.replace(placeholder, () => json)
    return send(request, reply, text, isPersonal)
  })
  server.get(besidePath(path, 'ideas.json'), async (request, reply) => {
    const { json, isPersonal } = await given(request, reply)
    reply.header('content-type', 'application/json; charset=utf-8')
    return send(request, reply, json, isPersonal)
  })
}
