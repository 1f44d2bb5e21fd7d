import { NewAlert, NewLink, NewReport, type Target } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { siteOfPath } from '../http/site.ts'
import type { Metadata } from '../metadata/database.ts'
import type { Ideas } from '../metadata/ideas.ts'
import { goalsOf } from '../metadata/kept.ts'
import type { Links } from '../metadata/links.ts'
import type { Alerts, Reports } from '../metadata/noted.ts'
import type { Outbox } from '../out/schedule.ts'
import { checkWebhookUrl } from '../out/webhook.ts'
import { isDay } from '../time-zone.ts'
import { addNoun } from './kept.ts'
import type { CheckScope } from './scope.ts'

/** `/api/sites/:site/links`: who else may look, at what, for how long. */
export const addLinkRoutes = (
  server: FastifyInstance,
  { links, ideas, checkScope }: { links: Links; ideas: Ideas; checkScope: CheckScope },
): void => {
  const checkIdeaOfLink = async (site: string, link: NewLink): Promise<void> => {
    if (link.idea === undefined) return
    if (!(await ideas.list(site)).some(({ id }) => id === link.idea))
      throw invalidField('idea', 'is no idea of this site')
    const limit = (['filters', 'date_range'] as const).find((field) => link[field] !== undefined)
    if (limit) throw invalidField(limit, 'is for links to a dashboard: an idea is counted as it was set up')
  }
  addNoun<NewLink>(server, 'links', {
    schema: NewLink,
    kept: links,
    async check(site, link) {
      const { expires_at, filters, date_range } = link
      await checkIdeaOfLink(site, link)
      if (expires_at !== undefined && !isDay(expires_at)) throw invalidField('expires_at', 'is no date of the calendar')
      await checkScope(site, filters, date_range)
    },
  })
}

// Enough to catch a slip; whether an address takes mail, only its server knows.
const mailAddress = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/

const checkTarget = (target: Target): void => {
  if (target.type === 'webhook') checkWebhookUrl(target.url)
  else {
    const wrong = target.to.findIndex((address) => !mailAddress.test(address))
    if (wrong >= 0) throw invalidField(`target/to/${wrong}`, 'is expected to be an address such as ann@shop.example')
  }
}

/**
 * `/api/sites/:site/reports` and `/api/sites/:site/alerts`: what goes out by itself. `POST …/:id/test` sends it now, and answers only
 * when it is known whether it was taken.
 */
export const addOutboxRoutes = (
  server: FastifyInstance,
  options: { metadata: Metadata; reports: Reports; alerts: Alerts; outbox: Outbox; checkScope: CheckScope },
): void => {
  const { metadata, reports, alerts, outbox, checkScope } = options
  addNoun<NewReport>(server, 'reports', {
    schema: NewReport,
    kept: reports,
    async check(site, { filters, target }) {
      await checkScope(site, filters)
      checkTarget(target)
    },
  })
  addNoun<NewAlert>(server, 'alerts', {
    schema: NewAlert,
    kept: alerts,
    async check(site, { rule, filters, target }) {
      await checkScope(site, filters)
      checkTarget(target)
      if (rule.type !== 'goal') return
      const goals = await goalsOf(metadata).list(site)
      if (!goals.some(({ id }) => id === rule.goal)) throw invalidField('rule/goal', 'is no goal of this site')
    },
  })
  const all = '/api/sites/:site'
  server.post<{ Params: { id: string } }>(`${all}/reports/:id/test`, async ({ params }) => {
    const site = siteOfPath(params)
    await outbox.sendReport(await reports.get(site, params.id), site, Date.now())
    return { sent: true }
  })
  server.post<{ Params: { id: string } }>(`${all}/alerts/:id/test`, async ({ params }) => {
    const site = siteOfPath(params)
    await outbox.testAlert(await alerts.get(site, params.id), site, Date.now())
    return { sent: true }
  })
}
