import {
  Confirmed,
  SiteSettingsChange as changeSchema,
  type Gone,
  NewSite,
  type SiteSettingsAnswer,
  type SiteSettingsChange,
  type SitesAnswer,
  type SiteViewAnswer,
} from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import { siteOfPath } from '../http/site.ts'
import { checkerOf, readBody } from '../http/validation.ts'
import type { Metadata } from '../metadata/database.ts'
import { forgetSite } from '../metadata/forget-site.ts'
import { pagesOfDomain, type SitesSet, settingsAnswerOf } from '../metadata/site-settings.ts'
import { isNameOf, type SiteViews } from '../metadata/site-views.ts'
import type { AllSettings } from '../metadata/sites.ts'
import { listSites } from '../query/now.ts'
import type { Store } from '../store/store.ts'
import { isTimeZone } from '../time-zone.ts'
import { sitesOf } from './asker.ts'

/** Erases what is stored of a site, or of one visitor of it. @returns what went, and what still holds it */
export type Erase = (erasure: { site: string; visitor?: string; keeps_ideas?: true }) => Promise<string>

/** Sites as things of their own: added, set up, emptied and removed. */
export const addSitesRoutes = (
  server: FastifyInstance,
  options: {
    store: Store
    timeZone: string
    scriptPath: string
    metadata: Metadata
    sitesSet: SitesSet
    siteViews: SiteViews
    /** What the operator's file says. */
    written: () => AllSettings
    /** Has what was set hold at once in this process. */
    onSet: () => Promise<void>
    erase: Erase
  },
): void => {
  const { store, timeZone, scriptPath, metadata, sitesSet, siteViews, written, onSet, erase } = options
  const [checkNew, checkConfirmed] = [checkerOf<NewSite>(NewSite), checkerOf<Confirmed>(Confirmed)]
  const checkChange = checkerOf<SiteSettingsChange>(changeSchema)

  server.get('/api/sites', async (request): Promise<SitesAnswer> => {
    const { timezone, sites } = await listSites(store, timeZone)
    // Whoever has a link, or a key or a role of some sites, knows of no others.
    const own = sitesOf(request)
    const isKnown = (site: string): boolean => own === undefined || own.has(site)
    const sending = new Set(sites.map(({ site }) => site))
    const added = Object.keys(await sitesSet.all()).filter((site) => isKnown(site) && !sending.has(site))
    return { timezone, sites: sites.filter(({ site }) => isKnown(site)), added, script_path: scriptPath }
  })
  server.post('/api/sites', async (request, reply): Promise<SiteViewAnswer> => {
    const { site, domain, ...view } = readBody(checkNew, request.body)
    if (view.timezone !== undefined && !isTimeZone(view.timezone)) {
      throw invalidField('timezone', "is expected to be a name such as 'Europe/Berlin'")
    }
    await sitesSet.add(site, domain === undefined ? {} : pagesOfDomain(domain))
    await onSet()
    reply.code(201)
    return siteViews.change(site, view)
  })

  const answerOf = async (site: string): Promise<SiteSettingsAnswer> =>
    settingsAnswerOf(site, await sitesSet.of(site), written())
  server.get('/api/sites/:site/settings', async (request) => answerOf(siteOfPath(request.params)))
  server.patch('/api/sites/:site/settings', async (request) => {
    const site = siteOfPath(request.params)
    await sitesSet.change(site, readBody(checkChange, request.body))
    await onSet()
    return answerOf(site)
  })

  /** @throws {ClickWatchError} 400 invalid_field where what is to go is not confirmed by its name */
  const confirm = async (site: string, body: unknown): Promise<void> => {
    const { name } = readBody(checkConfirmed, body ?? {})
    if (!(await isNameOf(siteViews, site, name))) {
      throw invalidField('name', `is expected to be '${site}', or what people call it: everything of it goes`)
    }
  }
  server.post('/api/sites/:site/reset', async (request): Promise<Gone> => {
    const site = siteOfPath(request.params)
    await confirm(site, request.body)
    return { sentence: await erase({ site, keeps_ideas: true }) }
  })
  server.delete('/api/sites/:site', async (request): Promise<Gone> => {
    const site = siteOfPath(request.params)
    const { name } = request.query as { name?: unknown }
    await confirm(site, { name })
    const sentence = await erase({ site })
    await forgetSite(metadata, site)
    await onSet()
    return { sentence }
  })
}
