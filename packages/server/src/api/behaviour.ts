import {
  defaultSite,
  ElementsQuery,
  FormsQuery,
  FunnelDropQuery,
  FunnelQuery,
  HeatmapQuery,
  JourneysQuery,
  type LakeDays,
  PropertiesQuery,
  RetentionQuery,
  type Scope,
  SessionsQuery,
  VitalsQuery,
} from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { ClickWatchError, invalidField } from '../errors.ts'
import { askerLeaves } from '../http/asker.ts'
import { siteOf } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import type { Metadata } from '../metadata/database.ts'
import { secretOf } from '../metadata/secrets.ts'
import { type Aliases, aliasesOf } from '../query/behaviour/aliases.ts'
import { breakdownOf } from '../query/behaviour/breakdown.ts'
import { askElements } from '../query/behaviour/elements.ts'
import { askForms } from '../query/behaviour/forms.ts'
import { askDropped, askFunnel } from '../query/behaviour/funnel.ts'
import { askHeatmap } from '../query/behaviour/heatmap.ts'
import { askJourneys } from '../query/behaviour/journeys.ts'
import { askProperties } from '../query/behaviour/properties.ts'
import type { Question } from '../query/behaviour/question.ts'
import { askRetention } from '../query/behaviour/retention.ts'
import { afterOf, askSession, askSessions } from '../query/behaviour/sessions.ts'
import { funnelOf } from '../query/behaviour/steps.ts'
import { askVisitor } from '../query/behaviour/visitor.ts'
import { askVitals } from '../query/behaviour/vitals.ts'
import type { ContextOf } from '../query/context.ts'
import { bounded, type QueryLimits } from '../query/limits.ts'
import { checkPatterns } from '../query/patterns.ts'
import { type Context, scopeOf } from '../query/scope.ts'
import type { Store } from '../store/store.ts'
import { isTimeZone } from '../time-zone.ts'

/** `lake` are the days of the range that the question's store answers from the lake. */
type Asked = { question: Question; context: Context; lake: LakeDays | undefined }

const notFound = (noun: string): ClickWatchError =>
  new ClickWatchError('not_found', 404, `This site has no such ${noun}.`, { field: noun })

/** What people did: `POST /api/v2/funnel` and the others of contract/src/behaviour.ts. */
export const addBehaviourRoutes = (
  server: FastifyInstance,
  options: { store: Store; metadata: Metadata; contextOf: ContextOf; queryLimits: QueryLimits },
): void => {
  const { store, metadata, contextOf, queryLimits } = options
  let aliases: Promise<Aliases> | undefined
  const openAliases = (): Promise<Aliases> => {
    aliases ??= secretOf(metadata, 'aliases').then(aliasesOf)
    return aliases
  }

  const askedOf = async (scope: Scope, reply: FastifyReply): Promise<Asked> => {
    if (scope.timezone !== undefined && !isTimeZone(scope.timezone)) {
      throw invalidField('timezone', "is expected to be a name such as 'Europe/Berlin'")
    }
    const context = await contextOf(scope, Date.now())
    const site = scope.site_id ?? defaultSite
    const resolved = scopeOf(scope, context)
    const past = await context.history?.pastOf(site, 'silver', resolved.range, context.nowMs)
    const own = bounded(store, queryLimits, askerLeaves(reply))
    const question: Question = {
      store: past ? past.over(own) : own,
      aliases: await openAliases(),
      site,
      scope: resolved,
      goals: context.goals,
      weekStart: context.weekStart,
      nowMs: context.nowMs,
    }
    return { question, context, lake: past?.days }
  }

  /** A route whose body is a scope and what else the question asks. */
  const addQuestion = <Body extends Scope>(
    path: string,
    schema: object,
    answer: (body: Body, asked: Asked) => Promise<object>,
  ): void => {
    const check = checkerOf<Body>(schema)
    server.post(path, async (request, reply) => {
      const checked = check(request.body)
      if (!checked.ok) throw invalidField(checked.field, checked.reason)
      const body = checked.value
      const named = body.site_id === undefined ? { ...body, site_id: siteOf(request.query) } : body
      const asked = await askedOf(named, reply)
      const answered = await answer(named, asked)
      return asked.lake ? { ...answered, lake: asked.lake } : answered
    })
  }

  const checkSteps = async ({ steps }: Pick<FunnelQuery, 'steps'>): Promise<void> => {
    for (const [index, { filter }] of steps.entries()) {
      if (filter) await checkPatterns(store, [filter], () => `steps/${index}/filter`)
    }
  }
  addQuestion<FunnelQuery>('/api/v2/funnel', FunnelQuery, async (body, { question, context }) => {
    await checkSteps(body)
    const funnel = funnelOf(body, context, question.scope.bound)
    return askFunnel(question, funnel, breakdownOf(body.breakdown))
  })
  addQuestion<FunnelDropQuery>('/api/v2/funnel/dropped', FunnelDropQuery, async (body, { question, context }) => {
    await checkSteps(body)
    const funnel = funnelOf(body, context, question.scope.bound)
    if (body.step >= funnel.steps.length - 1) throw invalidField('step', 'is expected to have one after it')
    return askDropped(question, funnel, body.step, body.limit)
  })
  addQuestion<JourneysQuery>('/api/v2/journeys', JourneysQuery, ({ start, end, steps, per_step }, { question }) =>
    askJourneys(question, { start, end, steps, perStep: per_step }),
  )
  addQuestion<RetentionQuery>('/api/v2/retention', RetentionQuery, ({ period, goal: id }, { question }) => {
    const goal = question.goals.find((each) => each.id === id)
    if (id !== undefined && !goal) throw invalidField('goal', 'is no goal of this site')
    return askRetention(question, period, goal?.rule)
  })
  addQuestion<ElementsQuery>('/api/v2/elements', ElementsQuery, ({ page, limit }, { question }) =>
    askElements(question, page, limit),
  )
  addQuestion<HeatmapQuery>('/api/v2/heatmap', HeatmapQuery, (body, { question }) => askHeatmap(question, body))
  addQuestion<FormsQuery>('/api/v2/forms', FormsQuery, ({ page }, { question }) => askForms(question, page))
  addQuestion<VitalsQuery>('/api/v2/vitals', VitalsQuery, ({ by, limit }, { question }) =>
    askVitals(question, by, limit),
  )
  addQuestion<PropertiesQuery>('/api/v2/properties', PropertiesQuery, ({ limit }, { question }) =>
    askProperties(question, limit),
  )
  addQuestion<SessionsQuery>('/api/v2/sessions', SessionsQuery, ({ after, limit }, { question }) => {
    const behind = after === undefined ? undefined : afterOf(after, question)
    if (after !== undefined && !behind) throw invalidField('after', "is expected to be an answer's next")
    return askSessions(question, behind, limit)
  })

  const idOf = (site: string, alias: unknown, known: Aliases, field: string): string => {
    const id = typeof alias === 'string' ? known.idOf(site, alias) : undefined
    if (id === undefined) throw notFound(field)
    return id
  }
  server.get<{ Params: { session: string }; Querystring: { visitor?: unknown } }>(
    '/api/v2/sessions/:session',
    async (request, reply) => {
      const site = siteOf(request.query)
      const { visitor } = request.query
      if (typeof visitor !== 'string') throw invalidField('visitor', 'is expected once: whose visit it is')
      const known = await openAliases()
      const sessionId = idOf(site, request.params.session, known, 'session')
      const visitorId = idOf(site, visitor, known, 'visitor')
      const askOf = (asked: Store) => askSession({ store: asked, site, aliases: known }, sessionId, visitorId)
      const answer =
        (await askOf(store)) ??
        (await askOf((await askedOf({ site_id: site, date_range: 'all' }, reply)).question.store))
      if (!answer) throw notFound('session')
      return answer
    },
  )
  server.get<{ Params: { visitor: string } }>('/api/v2/visitors/:visitor', async (request, reply) => {
    const site = siteOf(request.query)
    const { question } = await askedOf({ site_id: site, date_range: 'all' }, reply)
    const visitorId = idOf(site, request.params.visitor, question.aliases, 'visitor')
    const answer = await askVisitor(question, visitorId)
    if (!answer) throw notFound('visitor')
    return answer
  })
}
