import { type Idea, IdeaChange, NewIdea } from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { invalidField } from '../errors.ts'
import { askerLeaves } from '../http/asker.ts'
import { siteOfPath } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import { checkIdea } from '../ideas/check.ts'
import { firstExposure } from '../ideas/first.ts'
import type { Ideas } from '../metadata/ideas.ts'
import type { InterestedPeople } from '../metadata/interested.ts'
import { bounded, type QueryLimits } from '../query/limits.ts'
import type { Reader } from '../query/run.ts'
import type { Store } from '../store/store.ts'
import type { CheckScope } from './scope.ts'

type OfIdea = { Params: { id: string } }

/** An idea as it stands: locked, if its first visitor has come since it was last looked at. */
export type AsItStands = (reader: Reader, site: string, idea: Idea) => Promise<Idea>

export const standingOf =
  (ideas: Ideas): AsItStands =>
  async (reader, site, idea) => {
    if (idea.locked_at !== null) return idea
    const counting = { site, fromMs: Date.parse(idea.counted_from), nowMs: Date.now() }
    const first = await firstExposure(reader, idea, counting)
    return first === undefined ? idea : ideas.lock(site, idea.id, first)
  }

/** `/api/sites/:site/ideas`: what people want to know before they build it. */
export const addIdeaRoutes = (
  server: FastifyInstance,
  options: {
    store: Store
    ideas: Ideas
    interested: InterestedPeople
    checkScope: CheckScope
    queryLimits: QueryLimits
  },
): void => {
  const { store, ideas, interested, checkScope, queryLimits } = options
  const readerOf = (reply: FastifyReply): Reader => bounded(store, queryLimits, askerLeaves(reply))
  const asItStands = standingOf(ideas)
  const checkNew = checkerOf<NewIdea>(NewIdea)
  const checkChange = checkerOf<IdeaChange>(IdeaChange)

  const checked = async <Body extends NewIdea>(
    site: string,
    check: ReturnType<typeof checkerOf<Body>>,
    body: unknown,
  ): Promise<Body> => {
    const read = check(body)
    if (!read.ok) throw invalidField(read.field, read.reason)
    checkIdea(read.value)
    await checkScope(site, read.value.audience)
    return read.value
  }

  server.get('/api/sites/:site/ideas', async (request, reply) => {
    const site = siteOfPath(request.params)
    const reader = readerOf(reply)
    const all = await ideas.list(site)
    return { ideas: await Promise.all(all.map((idea) => asItStands(reader, site, idea))) }
  })
  server.post('/api/sites/:site/ideas', async (request, reply) => {
    const site = siteOfPath(request.params)
    const idea = await checked(site, checkNew, request.body)
    reply.code(201)
    return ideas.add(site, idea)
  })
  server.get<OfIdea>('/api/sites/:site/ideas/:id', async (request, reply) => {
    const site = siteOfPath(request.params)
    return asItStands(readerOf(reply), site, await ideas.get(site, request.params.id))
  })
  server.put<OfIdea>('/api/sites/:site/ideas/:id', async (request, reply) => {
    const site = siteOfPath(request.params)
    const { id } = request.params
    const change = await checked(site, checkChange, request.body)
    // Who came a moment ago has locked it.
    await asItStands(readerOf(reply), site, await ideas.get(site, id))
    return ideas.change(site, id, change)
  })
  server.delete<OfIdea>('/api/sites/:site/ideas/:id', async (request, reply) => {
    await ideas.remove(siteOfPath(request.params), request.params.id)
    return reply.code(204).send()
  })

  server.get<OfIdea>('/api/sites/:site/ideas/:id/interested', async (request) => {
    const { id } = await ideas.get(siteOfPath(request.params), request.params.id)
    return { interested: await interested.list(id) }
  })
  server.delete<OfIdea & { Querystring: { name?: unknown } }>(
    '/api/sites/:site/ideas/:id/interested',
    async (request, reply) => {
      const { id, name } = await ideas.get(siteOfPath(request.params), request.params.id)
      // A path that ends too early is a slip that nothing brings back.
      if (request.query.name !== name) throw invalidField('name', 'is expected to be the name of the idea')
      await interested.erase(id)
      return reply.code(204).send()
    },
  )
  server.delete<{ Params: { id: string; interested: string } }>(
    '/api/sites/:site/ideas/:id/interested/:interested',
    async (request, reply) => {
      const { id } = await ideas.get(siteOfPath(request.params), request.params.id)
      await interested.erase(id, request.params.interested)
      return reply.code(204).send()
    },
  )
}
