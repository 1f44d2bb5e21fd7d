import {
  Confirmed,
  SiteSettingsChange as changeSchema,
  type Gone,
  NewSite,
  type OperationLine,
  type SiteSettingsAnswer,
  type SiteSettingsChange,
  type SitesAnswer,
  type SiteViewAnswer,
} from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { ClickWatchError, invalidField } from '../errors.ts'
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

type Erase = (say: (line: OperationLine) => void, argument: string) => Promise<void>

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
    /** Erases what is stored of a site; undefined where the command line alone can. */
    erase: Erase | undefined
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

  /** Erases what is stored, once it is confirmed by name. @throws {ClickWatchError} 400 invalid_field, 409 operator_only */
  const eraseStored = async (site: string, body: unknown, how: 'reset' | 'delete'): Promise<string> => {
    const { name } = readBody(checkConfirmed, body ?? {})
    if (!(await isNameOf(siteViews, site, name))) {
      throw invalidField('name', `is expected to be '${site}', or what people call it: everything of it goes`)
    }
    if (!erase) {
      const sentence = `On several machines this is for the command line: clickwatch site ${how} ${site} --name ${site}`
      throw new ClickWatchError('operator_only', 409, sentence)
    }
    let sentence = ''
    await erase(
      (line) => {
        if (line.type === 'done') sentence = line.sentence
      },
      JSON.stringify({ site, ...(how === 'reset' ? { keeps_ideas: true } : {}) }),
    )
    return sentence
  }
  server.post('/api/sites/:site/reset', async (request): Promise<Gone> => {
    const site = siteOfPath(request.params)
    return { sentence: await eraseStored(site, request.body, 'reset') }
  })
  server.delete('/api/sites/:site', async (request): Promise<Gone> => {
    const site = siteOfPath(request.params)
    const { name } = request.query as { name?: unknown }
    const sentence = await eraseStored(site, { name }, 'delete')
    await forgetSite(metadata, site)
    await onSet()
    return { sentence }
  })
}
