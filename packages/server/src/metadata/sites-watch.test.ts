import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openMetadata } from './database.ts'
import { settingsAnswerOf, sitesSetOf } from './site-settings.ts'
import { watchSitesBeside } from './sites-watch.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder, 'sites.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (settings: object) => writeFileSync(file, JSON.stringify(settings))
const open = () => openMetadata({ folder, url: undefined, onLost: () => undefined })
/** As a collector sees them, which does not own the database. */
const watch = async () => {
  const errors: unknown[] = []
  const place = { folder, url: undefined, onLost: () => undefined }
  return { errors, sites: await watchSitesBeside(place, file, (error) => errors.push(error)) }
}

describe('what people set of a site', () => {
  it('holds over what the file says of it and of all, which holds where nothing is set', async () => {
    write({ '*': { events_per_minute: 10, honours_signals: true }, shop: { identity: 'cookieless', aliases: ['old'] } })
    const metadata = await open()
    const set = sitesSetOf(metadata)
    await set.change('shop', { identity: 'default', events_per_minute: 99 })
    const { sites, errors } = await watch()
    const ofShop = { id: 'shop', isCookieless: false, eventsPerMinute: 99, honoursSignals: true }
    expect(sites.rulesOf('shop')).toMatchObject(ofShop)
    expect(sites.rulesOf('old')).toMatchObject(ofShop)
    expect(sites.rulesOf('other')).toMatchObject({ id: 'other', eventsPerMinute: 10 })
    expect(settingsAnswerOf('shop', await set.of('shop'), sites.written())).toEqual({
      site: 'shop',
      set: { identity: 'default', events_per_minute: 99 },
      otherwise: { events_per_minute: 10, honours_signals: true, identity: 'cookieless' },
      only_in_file: { aliases: ['old'] },
    })

    await set.change('shop', { identity: null })
    await sites.look()
    expect(sites.rulesOf('shop')).toMatchObject({ isCookieless: true, eventsPerMinute: 99 })
    expect(errors).toEqual([])
    await sites.close()
    await metadata.destroy()
  })

  it('is followed without a restart, by whoever was there before the database', async () => {
    write({})
    const { sites, errors } = await watch()
    expect(sites.rulesOf('shop').excludesPage).toBeUndefined()
    const metadata = await open()
    await sitesSetOf(metadata).change('shop', { exclude_pages: ['/admin/**'] })
    // It does so every two seconds by itself, as test/long/sites.test.ts waits for.
    await sites.look()
    expect(sites.rulesOf('shop').excludesPage?.('https://shop.example/admin/users')).toBe(true)
    expect(errors).toEqual([])
    await sites.close()
    await metadata.destroy()
  })

  it('goes on as it was while the database is away or the file makes no sense', async () => {
    write({ shop: { events_per_minute: 10 } })
    const metadata = await open()
    await sitesSetOf(metadata).change('shop', { identity: 'cookieless' })
    const { sites } = await watch()
    const known = { isCookieless: true, eventsPerMinute: 10 }
    writeFileSync(file, '{')
    await expect(sites.look()).rejects.toThrow('cannot be read')
    expect(sites.rulesOf('shop')).toMatchObject(known)
    write({ shop: { events_per_minute: 20 } })
    await metadata.schema.dropTable('sites').execute()
    await expect(sites.look()).rejects.toThrow('sites')
    expect(sites.rulesOf('shop')).toMatchObject(known)
    await sites.close()
    await metadata.destroy()
  })
})

describe('a page that does not count', () => {
  it.each([
    ['/preview', ['/preview', '/preview/', '/preview?a=1'], ['/', '/preview/x', '/previews', '/a/preview']],
    ['/admin/*', ['/admin/users', '/admin/users/'], ['/admin', '/admin/users/1']],
    ['/admin/**', ['/admin/users', '/admin/users/1'], ['/administrators']],
    ['/a.b+(c)', ['/a.b+(c)'], ['/aXb+(c)', '/a.bb(c)']],
  ])('is %s', async (pattern, out, counted) => {
    write({ shop: { exclude_pages: [pattern] } })
    const { sites } = await watch()
    const isOut = (path: string) => sites.rulesOf('shop').excludesPage?.(`https://shop.example${path}`)
    expect(out.filter((path) => !isOut(path))).toEqual([])
    expect(counted.filter(isOut)).toEqual([])
    await sites.close()
  })
})
