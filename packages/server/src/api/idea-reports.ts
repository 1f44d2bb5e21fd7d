import {
  type DecidedReport,
  type Decision,
  type Idea,
  type IdeaCost,
  IdeaDraft,
  type IdeaEvidence,
  type IdeaPlanAnswer,
  type IdeaReport,
  NewDecision,
  type PortfolioAnswer,
  type PortfolioIdea,
} from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { invalidField } from '../errors.ts'
import { askerLeaves } from '../http/asker.ts'
import { siteOfPath } from '../http/site.ts'
import { checkerOf } from '../http/validation.ts'
import { checkDraft } from '../ideas/check.ts'
import { countIdea } from '../ideas/count.ts'
import { evidenceOf } from '../ideas/evidence.ts'
import { planOf } from '../ideas/plan.ts'
import { trafficOf } from '../ideas/traffic.ts'
import type { Ideas } from '../metadata/ideas.ts'
import type { Positions } from '../pipeline/positions.ts'
import type { ContextOf } from '../query/context.ts'
import { bounded, type QueryLimits } from '../query/limits.ts'
import type { Reader } from '../query/run.ts'
import type { Store } from '../store/store.ts'
import { mapFewAtOnce } from './few.ts'
import { type AsItStands, standingOf } from './ideas.ts'
import type { CheckScope } from './scope.ts'

/** Each takes several readers of the store, which answers others as well. */
const ideasAtOnce = 2

type OfIdea = { Params: { id: string } }

/** Where the numbers of an idea come from. */
type Sources = {
  contextOf: ContextOf
  asItStands: AsItStands
  positions: Pick<Positions, 'reached'>
  partitions: number
}

/** How far each partition of the stream was counted: what it says of the tables is the same for whoever reads them. */
const versionOf = async ({ positions, partitions }: Sources): Promise<string> =>
  (await positions.reached(partitions)).map(({ next }, partition) => `${partition}:${next}`).join(' ')

/** All who were counted were paid for, whatever they were shown. */
const visitorsOf = ({ variants, health }: IdeaEvidence): number =>
  variants.reduce((sum, { exposed }) => sum + exposed, health.several_variants)

const costOf = ({ cost_per_visitor }: Idea, evidence: IdeaEvidence): IdeaCost | null => {
  if (cost_per_visitor === undefined) return null
  const spent = visitorsOf(evidence) * cost_per_visitor
  const interested = evidence.variants.reduce((sum, { bar }) => sum + bar.reached, 0)
  return { spent, per_interested: interested > 0 ? spent / interested : null }
}

const reportOf = async (reader: Reader, site: string, kept: Idea, sources: Sources): Promise<IdeaReport> => {
  const nowMs = Date.now()
  const { timeZone, currency } = await sources.contextOf({ site_id: site, date_range: 'day' }, nowMs)
  // Read first: what is counted is at least that.
  const tables_version = await versionOf(sources)
  const idea = await sources.asItStands(reader, site, kept)
  const counts = await countIdea(reader, idea, { site, timeZone, currency, nowMs })
  const evidence = evidenceOf(counts)
  return {
    idea,
    evidence,
    cost: costOf(idea, evidence),
    as_of: counts.now,
    tables_version,
    timezone: timeZone,
    currency,
  }
}

const lineOf = ({ idea, evidence, cost }: IdeaReport): PortfolioIdea => {
  const { recommendation, variants, health } = evidence
  const spoken = variants.find(({ variant }) => variant === recommendation.variant) ?? variants[0]
  if (!spoken) throw new Error('an idea has a variant')
  const { id, key, name, template, status, bar, budget, created_at, locked_at, counted_from } = idea
  const { exposed, reached, rate, credible, always_valid, probability_met, settled } = spoken.bar
  return {
    ...{ id, key, name, template, status, bar, budget, created_at, locked_at, counted_from },
    variant: spoken.variant,
    ...{ exposed, reached, rate, credible, always_valid, probability_met, settled },
    recommendation,
    visitors: visitorsOf(evidence),
    visitors_per_day: health.visitors_per_day,
    cost,
    revisions: idea.revisions.length,
    decision: idea.decisions.at(-1) ?? null,
  }
}

/** What ideas have come to: `…/ideas/:id/report`, `…/decisions`, `…/portfolio` and `…/plan`. */
export const addIdeaReportRoutes = (
  server: FastifyInstance,
  options: {
    store: Store
    ideas: Ideas
    checkScope: CheckScope
    queryLimits: QueryLimits
    contextOf: ContextOf
    positions: Pick<Positions, 'reached'>
    partitions: number
  },
): void => {
  const { store, ideas, checkScope, queryLimits, contextOf, positions, partitions } = options
  const readerOf = (reply: FastifyReply): Reader => bounded(store, queryLimits, askerLeaves(reply))
  const sources: Sources = { contextOf, positions, partitions, asItStands: standingOf(ideas) }
  const checkDecision = checkerOf<NewDecision>(NewDecision)
  const checkDraftShape = checkerOf<IdeaDraft>(IdeaDraft)

  /** What is decided is as it was decided, without being counted again. */
  const keptOrNew = async (reader: Reader, site: string, idea: Idea): Promise<IdeaReport> => {
    const last = idea.status === 'decided' ? idea.decisions.at(-1) : undefined
    if (last === undefined) return reportOf(reader, site, idea, sources)
    const { report } = await ideas.decided(site, idea.id, last.id)
    return { ...report, idea }
  }

  server.get<OfIdea>('/api/sites/:site/ideas/:id/report', async (request, reply): Promise<IdeaReport> => {
    const site = siteOfPath(request.params)
    return reportOf(readerOf(reply), site, await ideas.get(site, request.params.id), sources)
  })

  server.post<OfIdea>('/api/sites/:site/ideas/:id/decisions', async (request, reply): Promise<Decision> => {
    const site = siteOfPath(request.params)
    const checked = checkDecision(request.body)
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    const report = await reportOf(readerOf(reply), site, await ideas.get(site, request.params.id), sources)
    reply.code(201)
    return ideas.decide(site, request.params.id, checked.value, report)
  })
  server.get<{ Params: { id: string; decision: string } }>(
    '/api/sites/:site/ideas/:id/decisions/:decision',
    async (request): Promise<DecidedReport> =>
      ideas.decided(siteOfPath(request.params), request.params.id, request.params.decision),
  )

  server.get('/api/sites/:site/ideas/portfolio', async (request, reply): Promise<PortfolioAnswer> => {
    const site = siteOfPath(request.params)
    const reader = readerOf(reply)
    const nowMs = Date.now()
    const all = await ideas.list(site)
    const reports = await mapFewAtOnce(all, ideasAtOnce, (idea) => keptOrNew(reader, site, idea))
    const { timeZone, currency } = await contextOf({ site_id: site, date_range: 'day' }, nowMs)
    return {
      ideas: reports.map(lineOf).reverse(),
      as_of: new Date(nowMs).toISOString(),
      timezone: timeZone,
      currency,
    }
  })

  server.post('/api/sites/:site/ideas/plan', async (request, reply): Promise<IdeaPlanAnswer> => {
    const site = siteOfPath(request.params)
    const checked = checkDraftShape(request.body)
    if (!checked.ok) throw invalidField(checked.field, checked.reason)
    checkDraft(checked.value)
    await checkScope(site, checked.value.audience)
    const context = await contextOf({ site_id: site, date_range: 'all' }, Date.now())
    return planOf(checked.value, await trafficOf(readerOf(reply), site, checked.value, context))
  })
}
