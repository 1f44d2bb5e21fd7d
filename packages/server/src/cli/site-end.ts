import { auditOf } from '../metadata/audit.ts'
import { forgetSite } from '../metadata/forget-site.ts'
import { isNameOf, siteViewsOf } from '../metadata/site-views.ts'
import { exitCodes, UsageError } from './command.ts'
import { operate } from './operate.ts'
import { commandLine as who, withMetadata } from './settings-database.ts'
import { siteIdIn } from './site.ts'

const everythingGoes = 'everything of it goes'

/** @throws {UsageError} where what was typed is not what the site is called */
export const confirmSite = (text: string, name: string, why: string): Promise<number> => {
  // '*' has rows in the tables of roles and keys: those of all sites.
  const site = siteIdIn(text)
  return withMetadata(async (metadata, config) => {
    if (await isNameOf(siteViewsOf(metadata, config.timeZone), site, name)) return
    throw new UsageError(`--name is '${name}'; '${site}', or what people call it, is expected: ${why}.`)
  })
}

/** `clickwatch site reset SITE --name NAME`: everything stored goes, what was set up stays. */
export const resetSite = async (site: string, name: string, isJson: boolean): Promise<number> => {
  await confirmSite(site, name, everythingGoes)
  const exitCode = await operate('erase', JSON.stringify({ site, keeps_ideas: true }), isJson)
  if (exitCode !== exitCodes.done) return exitCode
  return withMetadata((metadata) =>
    auditOf(metadata).note({ who, what: 'erased everything stored of a site', site, on: null }),
  )
}

/** `clickwatch site delete SITE --name NAME`: everything stored, and everything set up of it. */
export const deleteSite = async (site: string, name: string, isJson: boolean): Promise<number> => {
  await confirmSite(site, name, everythingGoes)
  const exitCode = await operate('erase', JSON.stringify({ site }), isJson)
  if (exitCode !== exitCodes.done) return exitCode
  return withMetadata(async (metadata) => {
    await forgetSite(metadata, site)
    await auditOf(metadata).note({ who, what: 'removed a site', site, on: null })
  })
}
