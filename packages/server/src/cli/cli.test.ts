import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { openMetadata } from '../metadata/database.ts'
import { readGiven } from './command.ts'
import { commands } from './commands.ts'
import { completionFor } from './completion.ts'
import { checkConfig, unknownVariables } from './config-check.ts'
import { main } from './main.ts'
import { withReference } from './reference.ts'

/** What a command line prints, and how it ends. */
const run = async (...args: string[]) => {
  const printed = { out: '', error: '' }
  const into = (where: keyof typeof printed) => (text: unknown) => {
    printed[where] += String(text)
    return true
  }
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(into('out'))
  const error = vi.spyOn(process.stderr, 'write').mockImplementation(into('error'))
  try {
    return { exitCode: await main(args), ...printed }
  } finally {
    out.mockRestore()
    error.mockRestore()
  }
}

describe('the command line', () => {
  it('lists every command, and says of each what it takes', async () => {
    const { exitCode, out } = await run('--help')
    expect(exitCode).toBe(0)
    for (const { name, summary } of commands) {
      expect(out).toContain(name)
      expect(out).toContain(summary)
      const told = await run(...name.split(' '), '--help')
      expect(told).toMatchObject({ exitCode: 0, out: expect.stringContaining(`clickwatch ${name}`) })
    }
  })

  it.each([
    [['vrify'], /no command 'vrify'.*'verify' meant/],
    [['lake'], /What is to be done is missing[\s\S]*clickwatch lake status/],
    [['erase'], /--site is missing[\s\S]*clickwatch erase --site SITE/],
    [['backup'], /DIR is missing[\s\S]*clickwatch backup/],
    [['verify', 'all'], /'all' is more than 'clickwatch verify' takes/],
    [['serve', '--prot', '80'], /Unknown option '--prot'[\s\S]*clickwatch serve/],
    [['serve', '--port', 'http'], /--port is 'http'/],
  ])('%j ends with 2, and says how it is written', async (args, sentence) => {
    expect(await run(...args)).toMatchObject({ exitCode: 2, error: expect.stringMatching(sentence) })
  })

  it('is in docs/cli.md as it is', () => {
    const page = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8')
    expect(page).toBe(withReference(page, commands))
  })

  it('tells options with values from those without', () => {
    const [erase] = commands.filter(({ name }) => name === 'erase')
    if (!erase) throw new Error('there is no erase')
    const { values, flags } = readGiven(erase, ['--site', 'shop', '--json'])
    expect(values).toEqual({ site: 'shop' })
    expect([...flags]).toEqual(['json'])
  })
})

describe('clickwatch key', () => {
  const folder = temporaryFolder()
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })

  it('wants the folder of a server', async () => {
    vi.stubEnv('CLICKWATCH_DATA', folder)
    expect(await run('key', 'list')).toMatchObject({ exitCode: 1, error: expect.stringContaining(`in ${folder}`) })
  })

  it('makes one, lists it, and takes it back', async () => {
    await (await openMetadata({ folder, url: undefined, onLost: () => undefined })).destroy()
    expect((await run('key', 'list')).out).toContain('no keys yet')
    const made = await run('key', 'create', 'A tool', '--site', 'shop', '--scopes', 'read,write')
    expect(made).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^cwk_/) })
    const listed = await run('key', 'list', '--json')
    const { id, prefix } = JSON.parse(listed.out)
    expect(made.out.startsWith(prefix)).toBe(true)
    expect(listed.out).not.toContain(made.out.trim())
    expect(await run('key', 'revoke', id)).toMatchObject({ exitCode: 0, out: expect.stringContaining("'A tool'") })
    expect((await run('key', 'list')).out).toContain('no keys yet')
    expect(await run('key', 'revoke', id)).toMatchObject({ exitCode: 1, error: 'There is no such key.\n' })
  })

  it.each([
    [['--site', 'shop', '--scopes', 'read,wite'], /--scopes.*read, write, admin/],
    [['--site', 'shop', '--expires', '2026-02-31'], /--expires is no date/],
    [['--site', 'not a site'], /--site/],
  ])('says what is wrong with %j', async (args, sentence) => {
    expect(await run('key', 'create', 'A tool', ...args)).toMatchObject({
      exitCode: 2,
      error: expect.stringMatching(sentence),
    })
  })
})

describe('clickwatch user', () => {
  const folder = temporaryFolder()
  beforeAll(async () => {
    vi.stubEnv('CLICKWATCH_DATA', folder)
    vi.stubEnv('CLICKWATCH_URL', 'https://stats.example')
    await (await openMetadata({ folder, url: undefined, onLost: () => undefined })).destroy()
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })

  it('tells the code of the first account until there is an owner', async () => {
    const { out } = await run('user', 'code')
    expect(out).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\n$/)
    expect((await run('user', 'code')).out).toBe(out)
    const added = await run('user', 'add', 'ada@example.org', '--name', 'Ada', '--role', 'owner')
    expect(added).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^https:\/\/stats\.example\/reset-password#/),
    })
    expect(await run('user', 'code')).toMatchObject({ exitCode: 1, error: expect.stringContaining('owns') })
  })

  it('adds, lists and removes, and never the last owner', async () => {
    await run('user', 'add', 'Grace@example.org', '--site', 'shop', '--role', 'editor')
    expect((await run('user', 'list')).out).toMatch(/grace@example\.org {2}editor {2}shop/)
    expect(await run('user', 'remove', 'grace@example.org')).toMatchObject({ exitCode: 0 })
    expect((await run('user', 'list')).out).not.toContain('grace')
    const last = await run('user', 'remove', 'ada@example.org')
    expect(last).toMatchObject({ exitCode: 1, error: expect.stringContaining('last owner') })
    expect((await run('user', 'reset', 'ada@example.org', '--second-factor')).out).toContain('/reset-password#')
  })

  it.each([
    [['add', 'nobody'], /EMAIL is 'nobody'/, 2],
    [['add', 'a@example.org', '--role', 'boss'], /owner, admin, editor, viewer/, 2],
    [['add', 'a@example.org', '--role', 'owner', '--site', 'shop'], /owns all sites/, 2],
    [['reset', 'nobody@example.org'], /no account of nobody@example.org/, 1],
  ])('says what is wrong with %j', async (args, sentence, exitCode) => {
    expect(await run('user', ...args)).toMatchObject({ exitCode, error: expect.stringMatching(sentence) })
  })
})

describe('clickwatch site', () => {
  const folder = temporaryFolder()
  beforeAll(async () => {
    vi.stubEnv('CLICKWATCH_DATA', folder)
    await (await openMetadata({ folder, url: undefined, onLost: () => undefined })).destroy()
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })

  it('adds one, once, and lists it', async () => {
    const added = await run('site', 'add', 'shop', '--name', 'The shop', '--time-zone', 'Europe/Berlin')
    expect(added).toMatchObject({ exitCode: 0, out: expect.stringContaining('data-site="shop"') })
    expect((await run('site', 'list')).out).toBe('shop  {}\n')
    expect(await run('site', 'add', 'shop')).toMatchObject({ exitCode: 1, error: expect.stringContaining('already') })
    expect(await run('site', 'add', 'no site')).toMatchObject({ exitCode: 2, error: expect.stringContaining('SITE') })
    const zone = await run('site', 'add', 'x', '--time-zone', 'Mars/Olympus')
    expect(zone).toMatchObject({ exitCode: 2, error: expect.stringContaining('--time-zone') })
  })

  it('sets one thing after the other, takes it back, and says who said what', async () => {
    const file = join(folder, 'sites.json')
    writeFileSync(file, JSON.stringify({ '*': { identity: 'cookieless' }, kept: { session_minutes: 20 } }))
    vi.stubEnv('CLICKWATCH_SITES', file)
    const set = (setting: string, value: string) => run('site', 'set', 'kept', setting, value)
    for (const [setting, value] of [
      ['exclude_pages', '/preview, /admin/**'],
      ['keep_days', 'silver=400,bronze=90'],
      ['honours_signals', 'true'],
      ['events_per_minute', '600'],
      ['name', 'What is kept'],
    ] as const)
      expect(await set(setting, value)).toMatchObject({ exitCode: 0 })
    await run('site', 'unset', 'kept', 'events_per_minute')
    expect(JSON.parse((await run('site', 'show', 'kept', '--json')).out)).toEqual({
      site: 'kept',
      set: { exclude_pages: ['/preview', '/admin/**'], keep_days: { silver: 400, bronze: 90 }, honours_signals: true },
      otherwise: { identity: 'cookieless' },
      only_in_file: { session_minutes: 20 },
      view: { name: 'What is kept', timezone: 'UTC', week_start: 1, currency: 'USD' },
    })
    const { out } = await run('site', 'show', 'kept')
    expect(out).toMatch(/^name +What is kept {2}\(set\)$/m)
    expect(out).toMatch(/^identity +cookieless {2}\(from the file\)$/m)
    expect(out).toMatch(/^exclude_pages +\/preview, \/admin\/\*\* {2}\(set\)$/m)
  })

  it('says whose pages may send, where a domain is named', async () => {
    await run('site', 'add', 'own', '--domain', 'WWW.Own.example')
    const { set } = JSON.parse((await run('site', 'show', 'own', '--json')).out)
    expect(set).toEqual({ origins: ['https://own.example', 'https://www.own.example'] })
  })

  it.each([
    [['set', 'shop', 'colour', 'red'], /SETTING is 'colour'; one of name, timezone/],
    [['set', 'shop', 'events_per_minute', 'many'], /events_per_minute/],
    [['set', 'shop', 'exclude_addresses', 'the office'], /has 'the office'/],
    [['set', 'shop', 'keep_days', 'silver=0'], /keep_days\/silver/],
    [['set', 'shop', 'timezone', 'Mars/Olympus'], /timezone is 'Mars\/Olympus'/],
    [['set', 'no site', 'identity', 'cookieless'], /SITE is 'no site'/],
    [['unset', 'shop', 'name'], /SETTING is 'name'/],
    [['reset', 'shop'], /--name is missing/],
    [['reset', 'shop', '--name', 'Shop'], /--name is 'Shop'; 'shop'/],
    [['delete', 'shop', '--name', 'other'], /--name is 'other'; 'shop'/],
    [['delete', '*', '--name', '*'], /SITE is '\*'/],
    [['add', 'new', '--domain', 'https://new.example'], /--domain/],
  ])('says what is wrong with %j', async (args, sentence) => {
    expect(await run('site', ...args)).toMatchObject({ exitCode: 2, error: expect.stringMatching(sentence) })
  })
})

describe('completion', () => {
  /** What bash offers after some words. */
  const offered = (...words: string[]): string[] => {
    const script = `${completionFor('bash', commands)}
      COMP_WORDS=(clickwatch ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
      _clickwatch; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', script], { env: { ...process.env, LC_ALL: 'C' } })
      .toString()
      .split('\n')
      .filter(Boolean)
  }

  it('knows commands, what follows them, and their options', () => {
    expect(offered('ver')).toEqual(['verify'])
    expect(offered('lake', 'co')).toEqual(['compact'])
    expect(offered('erase', '--s')).toEqual(['--site'])
    expect(offered('')).toContain('doctor')
  })

  it('is there for zsh and fish', () => {
    expect(completionFor('zsh', commands)).toContain('compdef _clickwatch clickwatch')
    expect(completionFor('fish', commands)).toContain('complete -c clickwatch')
  })
})

describe('the check of settings', () => {
  it('shows where each comes from, and no secret', () => {
    const env = { CLICKWATCH_API_KEY: 'open sesame', CLICKWATCH_PORT: '9000' }
    const { settings, faults } = checkConfig(env, { path: '.env', env: { CLICKWATCH_TIME_ZONE: 'Asia/Tokyo' } })
    expect(faults).toEqual([])
    expect(settings).toEqual(
      expect.arrayContaining([
        { name: 'CLICKWATCH_PORT', value: '9000', from: 'environment' },
        { name: 'CLICKWATCH_TIME_ZONE', value: 'Asia/Tokyo', from: '.env' },
        { name: 'CLICKWATCH_API_KEY', value: '(secret, is set)', from: 'environment' },
        { name: 'CLICKWATCH_LOG_LEVEL', value: 'warn', from: 'default' },
      ]),
    )
    expect(JSON.stringify(settings)).not.toContain('sesame')
  })

  it('knows every variable that the documentation has', () => {
    const docs = new URL('../../../../docs/', import.meta.url)
    const pages = readdirSync(docs).filter((name) => name.endsWith('.md'))
    const text = pages.map((name) => readFileSync(new URL(name, docs), 'utf8')).join('\n')
    const named = [...new Set(text.match(/\bCLICKWATCH_[A-Z_]*[A-Z]\b/g) ?? [])]
    expect(named.length).toBeGreaterThan(40)
    expect(unknownVariables(Object.fromEntries(named.map((name) => [name, '1'])))).toEqual([])
  })
})
