import {
  type Annotation,
  type Filter,
  NewAnnotation,
  NewFunnel,
  NewGoal,
  NewSegment,
  SiteView,
} from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { ClickWatchError, invalidField } from '../errors.ts'
import { siteOfPath } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import type { Metadata } from '../metadata/database.ts'
import { goalsOf, keptOf } from '../metadata/kept.ts'
import type { SiteViews } from '../metadata/site-views.ts'
import { filtersName, refuseGoalInUse, refuseSegmentInUse } from '../metadata/uses.ts'
import { isDay, isTimeZone } from '../time-zone.ts'
import type { CheckScope } from './scope.ts'

/** A noun that people keep for a site, and what has to hold beyond its schema. Each check throws what it has to say. */
type Noun<Body extends object> = {
  schema: object
  kept: {
    list(site: string): Promise<object[]>
    add(site: string, body: Body): Promise<object>
    replace(site: string, id: string, body: Body): Promise<object>
    remove(site: string, id: string): Promise<void>
  }
  check?: (site: string, body: Body) => Promise<void>
  beforeReplacing?: (site: string, id: string, body: Body) => Promise<void>
  beforeRemoving?: (site: string, id: string) => Promise<void>
}

/**
 * `GET` (all, the oldest first) and `POST /api/sites/:site/<path>`, `PUT` and `DELETE /api/sites/:site/<path>/:id`.
 * @param path the plural, under which the list stands in the answer too
 */
export const addNoun = <Body extends object>(server: FastifyInstance, path: string, noun: Noun<Body>): void => {
  const check = checkerOf<Body>(noun.schema)
  const bodyOf = async (site: string, given: unknown): Promise<Body> => {
    const checked = check(given)
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    await noun.check?.(site, checked.value)
    return checked.value
  }
  const all = `/api/sites/:site/${path}`
  server.get(all, async (request) => ({ [path]: await noun.kept.list(siteOfPath(request.params)) }))
  server.post(all, async (request, reply) => {
    const site = siteOfPath(request.params)
    reply.code(201)
    return noun.kept.add(site, await bodyOf(site, request.body))
  })
  server.put<{ Params: { id: string } }>(`${all}/:id`, async (request) => {
    const site = siteOfPath(request.params)
    const body = await bodyOf(site, request.body)
    await noun.beforeReplacing?.(site, request.params.id, body)
    return noun.kept.replace(site, request.params.id, body)
  })
  server.delete<{ Params: { id: string } }>(`${all}/:id`, async (request, reply) => {
    const site = siteOfPath(request.params)
    await noun.beforeRemoving?.(site, request.params.id)
    await noun.kept.remove(site, request.params.id)
    return reply.code(204).send()
  })
}

const checkMoment = async (_site: string, { at }: Pick<Annotation, 'at'>): Promise<void> => {
  const [day = '', time = '00:00:00'] = at.split(' ')
  if (!isDay(day)) throw invalidField('at', 'is no date of the calendar')
  if (time > '23:59:59' || time.slice(3) > '59:59') throw invalidField('at', 'is no time of day')
}

// One that stood on itself, by way of another, would never end.
const refuseNested = (filters: readonly Filter[]): void => {
  if (filtersName(filters, 'segment')) throw invalidField('filters', 'of a segment cannot name segments')
}

/** What is wrong with the one filter of a step, told of where it stands in the funnel. */
const ofStep =
  (index: number) =>
  (error: unknown): never => {
    const field = error instanceof ClickWatchError ? error.field : undefined
    if (field === undefined || !field.startsWith('filters/0')) throw error
    const reason = (error as Error).message.slice(field.length + 1)
    throw invalidField(field.replace('filters/0', `steps/${index}/filter`), reason)
  }

/** What people keep of a site, and how they want it shown. */
export const addKeptRoutes = (
  server: FastifyInstance,
  { metadata, siteViews, checkScope }: { metadata: Metadata; siteViews: SiteViews; checkScope: CheckScope },
): void => {
  const goals = goalsOf(metadata)
  const goalOf = async (site: string, id: string) => (await goals.list(site)).find((goal) => goal.id === id)

  addNoun<NewGoal>(server, 'goals', {
    schema: NewGoal,
    kept: goals,
    async beforeReplacing(site, id, { name }) {
      const goal = await goalOf(site, id)
      if (goal && goal.name !== name) await refuseGoalInUse(metadata, site, goal, true)
    },
    async beforeRemoving(site, id) {
      const goal = await goalOf(site, id)
      if (goal) await refuseGoalInUse(metadata, site, goal, false)
    },
  })
  addNoun<NewSegment>(server, 'segments', {
    schema: NewSegment,
    kept: keptOf(metadata, 'segments', 'segment', ({ name }) => name),
    async check(site, { filters }) {
      refuseNested(filters)
      await checkScope(site, filters)
    },
    beforeRemoving: (site, id) => refuseSegmentInUse(metadata, site, id),
  })
  addNoun<NewAnnotation>(server, 'annotations', {
    schema: NewAnnotation,
    kept: keptOf(metadata, 'annotations', 'annotation'),
    check: checkMoment,
  })
  addNoun<NewFunnel>(server, 'funnels', {
    schema: NewFunnel,
    kept: keptOf(metadata, 'funnels', 'funnel', ({ name }) => name),
    async check(site, { steps }) {
      for (const [index, { goal, filter }] of steps.entries()) {
        if ((goal === undefined) === (filter === undefined)) {
          throw invalidField(`steps/${index}`, 'is expected to have either goal or filter')
        }
        if (goal !== undefined && !(await goalOf(site, goal))) {
          throw invalidField(`steps/${index}/goal`, 'is no goal of this site')
        }
        if (filter) await checkScope(site, [filter]).catch(ofStep(index))
      }
    },
  })
  addSiteRoutes(server, siteViews)
}

/** `GET` and `PATCH /api/sites/:site`. */
const addSiteRoutes = (server: FastifyInstance, siteViews: SiteViews): void => {
  const check = checkerOf<SiteView>(SiteView)
  server.get('/api/sites/:site', async (request) => siteViews.viewOf(siteOfPath(request.params)))
  server.patch('/api/sites/:site', async (request) => {
    const site = siteOfPath(request.params)
    const checked = check(request.body)
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const { timezone } = checked.value
    if (timezone !== undefined && !isTimeZone(timezone)) {
      throw invalidField('timezone', "is expected to be a name such as 'Europe/Berlin'")
    }
    return siteViews.change(site, checked.value)
  })
}
