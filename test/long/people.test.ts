import { rmSync } from 'node:fs'
import type { Server } from 'node:net'
import type { QueryAnswer } from '@clickwatch/contract'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import {
  type ClickWatch,
  eventually,
  quietPort,
  runCommand,
  startClickWatch,
  temporaryFolder,
  untilStored,
} from '../fixtures/clickwatch.ts'
import { batch, event } from '../fixtures/events.ts'
import { totpOf } from '../fixtures/totp.ts'

// What people do about their accounts, in a browser that is elsewhere: from the first account to the last key.

const mails: { to: string; text: string }[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    stream.on('end', () => {
      // Long lines are broken with '=' at their ends, and '=' is written as =3D.
      const plain = text.replaceAll('=\r\n', '').replaceAll('=3D', '=')
      mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text: plain })
      done()
    })
  },
})

let clickWatch: ClickWatch
let env: Record<string, string>
let lake: string
let browser: Browser
beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const mailPort = ((smtp.server as Server).address() as { port: number }).port
  const port = await quietPort()
  lake = temporaryFolder()
  env = {
    CLICKWATCH_LAKE: lake,
    CLICKWATCH_LAKE_SECONDS: '1',
    CLICKWATCH_SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
    CLICKWATCH_URL: `http://localhost:${port}`,
  }
  clickWatch = await startClickWatch({ env, port })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await clickWatch.dispose()
  rmSync(lake, { recursive: true, force: true })
  await new Promise<void>((resolve) => smtp.close(resolve))
})

/** A browser of somebody whom a proxy speaks for. */
const elsewhere = (): Promise<BrowserContext> =>
  browser.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.9' }, locale: 'en-US' })
const open = async (context: BrowserContext, path: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(`${env.CLICKWATCH_URL}${path}`)
  return page
}
const operator = async (...args: string[]): Promise<string> => {
  const { exited, output } = runCommand(args, { ...env, CLICKWATCH_DATA: clickWatch.dataFolder })
  await exited
  return output()
}
const pathIn = (text: string): string => /localhost:\d+(\/\S+#[\w-]+)/.exec(text)?.[1] ?? ''

const [ada, grace] = [
  { name: 'Ada', email: 'ada@example.org', password: 'a long enough one' },
  { name: 'Grace', email: 'grace@example.org', password: 'another long enough one' },
]
const signIn = async (page: Page, { email, password }: typeof ada): Promise<void> => {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

let owner: BrowserContext

describe('the first run', () => {
  it('leads from the address to an account, and shows the first event by itself', async () => {
    owner = await elsewhere()
    const page = await open(owner, '/')
    await page.getByLabel('Your name').fill(ada.name)
    await page.getByLabel('E-mail address').fill(ada.email)
    await page.getByLabel('Password').fill(ada.password)
    await page.getByLabel('Code of the server').fill('GUESS-WORK')
    await page.getByRole('button', { name: 'Make my account' }).click()
    await page.getByText('is not the one that the terminal').first().waitFor()
    const code = /\b([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})\b/.exec(clickWatch.output())?.[1] ?? ''
    await page.getByLabel('Code of the server').fill(code)
    await page.getByRole('button', { name: 'Make my account' }).click()
    // The snippet is there to be copied, and the screen waits.
    await page.getByText('<script defer').waitFor()
    await clickWatch.post('/e', batch('visitor', 'visit', [event()]))
    await page.locator('[data-metric=visitors]').getByText('1', { exact: true }).first().waitFor()
    await page.close()
  })

  it('happens once: from then on nobody looks without an account, on the machine of the server neither', async () => {
    const context = await browser.newContext()
    const page = await open(context, '/')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto(`${env.CLICKWATCH_URL}/setup`)
    await page.getByText('Somebody owns this ClickWatch already').waitFor()
    await context.close()
  })
})

describe('somebody who is invited', () => {
  it('comes by the mail, sees the site, and does what the role lets them', async () => {
    await clickWatch.post('/e', { ...batch('visitor', 'visit', [event()]), site: 'shop' })
    await untilStored(clickWatch)
    const page = await open(owner, '/account?tab=people&site=shop')
    await page.getByLabel('Whose people').selectOption('shop')
    const form = page.getByRole('form', { name: 'Invite somebody' })
    await form.getByLabel('E-mail address').fill(grace.email)
    await form.getByLabel('Role').selectOption('viewer')
    await form.getByRole('button', { name: 'Invite' }).click()
    await page.getByText('is on its way to grace@example.org').waitFor()
    await page.locator('[data-row="grace@example.org"]').waitFor()
    const mail = mails.find(({ to }) => to === grace.email)
    expect(mail?.text).toContain('Ada invites you')

    const context = await elsewhere()
    const theirs = await open(context, pathIn(mail?.text ?? ''))
    await theirs.getByText('To look at shop as Viewer').waitFor()
    await theirs.getByLabel('Your name').fill(grace.name)
    await theirs.getByLabel('Password').fill(grace.password)
    await theirs.getByRole('button', { name: 'Make my account' }).click()
    await theirs.locator('[data-metric=visitors]').first().waitFor()
    expect(await theirs.getByLabel('Site', { exact: true }).locator('option').allTextContents()).toEqual(['shop'])
    const give = async (role: string): Promise<void> => {
      await page.reload()
      await Promise.all([
        page.waitForResponse((answer) => answer.url().includes('/people/') && answer.status() === 204),
        page.getByLabel('Role of Grace', { exact: true }).selectOption(role),
      ])
    }
    // A viewer changes nothing.
    await theirs.goto(`${env.CLICKWATCH_URL}/settings?site=shop`)
    await theirs.getByText('takes an editor or an admin of the site').waitFor()
    expect(await theirs.getByRole('button', { name: 'New goal' }).count()).toBe(0)
    // Now they may.
    await give('editor')
    await theirs.reload()
    await theirs.getByRole('button', { name: 'New goal' }).click()
    await theirs.getByLabel('Name', { exact: true }).fill('Bought')
    await theirs.getByLabel('Page', { exact: true }).fill('/bought')
    // A role that is taken while somebody types is told, and takes the buttons along.
    await give('viewer')
    await theirs.getByRole('button', { name: 'Add', exact: true }).click()
    await theirs.getByText('Your role does not let you do that').waitFor()
    await theirs.getByRole('button', { name: 'New goal' }).waitFor({ state: 'detached' })
    await give('editor')
    await theirs.getByRole('button', { name: 'Add', exact: true }).click()
    await theirs.locator('[data-kept="Bought"]').waitFor()
    await give('viewer')
    await Promise.all([context.close(), page.close()])
  })
})

/** What changes something, by the screen that it is on, and what is there for whoever looks. */
const changes: { path: string; seen: string; controls: string[] }[] = [
  { path: '/?site=shop', seen: '[data-metric=visitors]', controls: ['button:has-text("Add a note")'] },
  {
    path: '/settings?site=shop',
    seen: '[data-kept=Bought]',
    controls: ['New goal', 'Edit', 'Remove'].map((name) => `main button:has-text("${name}")`),
  },
  {
    path: '/settings?site=shop&tab=site',
    seen: 'form[aria-label=Site] input',
    controls: ['main button:has-text("Save")', 'form[aria-label="Another site"]', 'a:has-text("Collection")'],
  },
  {
    path: '/settings?site=shop&tab=collection',
    seen: 'a:has-text("Collection")',
    controls: ['form[aria-label=Collection]', 'button:has-text("Erase what is stored")'],
  },
  { path: '/ideas?site=shop', seen: 'h2', controls: ['main a[href*="/ideas/new"]'] },
  { path: '/ideas/new?site=shop', seen: 'h1', controls: ['main form'] },
  {
    path: `/funnels?site=shop&steps=${encodeURIComponent('[["page","/"],["page","/bought"]]')}`,
    seen: 'h2:has-text("Saved funnels")',
    controls: ['main form button:has-text("Save")'],
  },
  { path: '/refused?site=shop', seen: 'h1', controls: ['main section'] },
]

describe('somebody who only looks', () => {
  it('is offered nothing on any screen that the server would refuse', async () => {
    const context = await elsewhere()
    const theirs = await open(context, '/')
    await signIn(theirs, grace)
    await theirs.locator('[data-metric=visitors]').first().waitFor()
    const refused: string[] = []
    theirs.on('response', (answer) => {
      if (answer.status() === 403) refused.push(answer.url())
    })
    const page = await owner.newPage()
    for (const { path, seen, controls } of changes) {
      await page.goto(env.CLICKWATCH_URL + path)
      for (const control of controls) await page.locator(control).first().waitFor()
      await Promise.all([theirs.waitForResponse('**/api/me'), theirs.goto(env.CLICKWATCH_URL + path)])
      await theirs.locator(seen).first().waitFor()
      for (const control of controls)
        expect([path, control, await theirs.locator(control).count()]).toEqual([path, control, 0])
    }
    expect(refused).toEqual([])
    await Promise.all([context.close(), page.close()])
  })
})

describe('a visitor who asks to be forgotten', () => {
  it('is erased on their screen by an admin, from every report, every layer and the lake, and nobody else is', async () => {
    const visitOf = (visitor: string, path: string) =>
      clickWatch.post('/e', {
        ...batch(visitor, `of ${visitor}`, [event({ url: `https://shop.example${path}` })]),
        site: 'shop',
      })
    await visitOf('to-be-forgotten', '/only-theirs')
    await visitOf('somebody-else', '/others')
    await untilStored(clickWatch)
    const rowsOf = async (visitor: string): Promise<{ tables: Record<string, number>; lake: number }> => {
      const asked = `${env.CLICKWATCH_URL}/api/visitors/export?site=shop&visitor=${visitor}`
      const known = (await (await owner.request.get(asked)).json()) as Record<
        'tables' | 'lake',
        Record<string, unknown[]>
      >
      const counts = Object.entries(known.tables).map(([table, rows]) => [table, rows.length] as const)
      return {
        tables: Object.fromEntries(counts.filter(([, count]) => count > 0)),
        lake: Object.values(known.lake).flat().length,
      }
    }
    const numbers = async (...filters: unknown[]) => {
      const answer = await owner.request.post(`${env.CLICKWATCH_URL}/api/v2/query`, {
        headers: { origin: env.CLICKWATCH_URL ?? '' },
        data: { site_id: 'shop', date_range: 'all', metrics: ['visitors', 'visits', 'events'], filters },
      })
      return ((await answer.json()) as QueryAnswer).results[0]?.metrics
    }
    const isTheirs = ['is', 'event:page', ['/only-theirs']]
    const all = (await numbers()) as number[]
    expect(await numbers(isTheirs)).toEqual([1, 1, 1])
    const before = await eventually('the lake to have them', async () => {
      const rows = await rowsOf('to-be-forgotten')
      return rows.lake > 0 ? rows : undefined
    })
    expect(before.tables).toMatchObject({ 'bronze.web_cookies': 1, 'silver.events': 1, 'silver.sessions': 1 })

    const page = await owner.newPage()
    await page.goto(`${env.CLICKWATCH_URL}/sessions?site=shop`)
    await page.locator('[data-session]').filter({ hasText: '/only-theirs' }).getByRole('link').click()
    await page.getByRole('link', { name: /^All visits of/ }).click()
    await page.getByRole('button', { name: 'Erase this visitor' }).click()
    const dialog = page.getByRole('alertdialog')
    const confirm = dialog.getByRole('button', { name: 'Erase this visitor' })
    const typed = dialog.getByLabel('To erase them, type')
    await typed.fill('somebody')
    expect(await confirm.isDisabled()).toBe(true)
    await typed.fill((await page.locator('h2').first().textContent()) ?? '')
    await confirm.click()
    await page.getByText('1 event of one visitor of shop are erased, from the lake, too').waitFor()

    expect(await rowsOf('to-be-forgotten')).toEqual({ tables: {}, lake: 0 })
    expect(await numbers(isTheirs)).toEqual([0, 0, 0])
    expect(await numbers()).toEqual(all.map((count) => count - 1))
    expect((await rowsOf('somebody-else')).tables).toMatchObject({ 'bronze.web_cookies': 1, 'silver.events': 1 })
    await page.getByRole('link', { name: 'See the latest visits' }).click()
    await page.locator('[data-session]').filter({ hasText: '/others' }).waitFor()
    expect(await page.locator('[data-session]').filter({ hasText: '/only-theirs' }).count()).toBe(0)
    expect(await operator('verify')).toContain('Everything adds up.')
    await page.goto(`${env.CLICKWATCH_URL}/account?tab=audit`)
    await page.getByRole('row').filter({ hasText: 'Ada' }).filter({ hasText: 'erased a visitor' }).waitFor()
    expect(await page.getByText('to-be-forgotten').count()).toBe(0)
    await page.close()
  })
})

describe('a second factor', () => {
  it('is set up by the app, is asked for, and has codes for when the phone is lost', async () => {
    const page = await open(owner, '/account')
    await page.getByRole('button', { name: 'Set up a second factor' }).click()
    await page.getByLabel('Your password').fill(ada.password)
    await page.getByRole('button', { name: 'Set up a second factor' }).click()
    await page.getByRole('img', { name: 'The code for the app' }).waitFor()
    const told = await page.getByText('Or type this into it').textContent()
    const secret = told?.split(': ')[1] ?? ''
    await page.getByLabel('Six digits').fill(totpOf(secret))
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.locator('[data-codes] li').first().waitFor()
    const codes = await page.locator('[data-codes] li').allTextContents()
    expect(codes.length).toBeGreaterThan(4)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('button', { name: 'Turn it off' }).waitFor()
    await page.close()

    for (const [which, code] of [
      ['digits', totpOf(secret)],
      ['a recovery code', codes[0] ?? ''],
    ] as const) {
      const context = await elsewhere()
      const theirs = await open(context, '/')
      await signIn(theirs, ada)
      await theirs.getByLabel('Code').fill(code)
      await theirs.getByRole('button', { name: 'Continue' }).click()
      await theirs.locator('[data-metric=visitors]').first().waitFor()
      expect(which).toBeTruthy()
      await context.close()
    }
  })
})

describe('a lost password', () => {
  it('is replaced by the mail, and ends what was open', async () => {
    const context = await elsewhere()
    const page = await open(context, '/')
    await page.getByRole('button', { name: 'I have lost my password' }).click()
    await page.getByLabel('E-mail address').fill(grace.email)
    await page.getByRole('button', { name: 'Send the mail' }).click()
    await page.getByText('the mail is on its way').waitFor()
    const mail = mails.findLast(({ to }) => to === grace.email)
    expect(mail?.text).toContain('/reset-password#')
    await page.goto(env.CLICKWATCH_URL + pathIn(mail?.text ?? ''))
    grace.password = 'one that Grace keeps'
    await page.getByLabel('New password').fill(grace.password)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The password is changed').waitFor()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await signIn(page, grace)
    await page.getByLabel('Site', { exact: true }).waitFor()
    await context.close()
  })

  it('is replaced by whoever runs the server, where no mail comes through', async () => {
    const printed = await operator('user', 'reset', grace.email)
    const context = await elsewhere()
    const page = await open(context, pathIn(printed))
    grace.password = 'yet another long one'
    await page.getByLabel('New password').fill(grace.password)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The password is changed').waitFor()
    await context.close()
  })
})

describe('a passkey', () => {
  it('lets its holder in without a password', async () => {
    const page = await open(owner, '/account')
    const session = await owner.newCDPSession(page)
    await session.send('WebAuthn.enable')
    await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
    const form = page.getByRole('form', { name: 'Add a passkey' })
    await form.getByLabel('Name').fill('this laptop')
    await form.getByRole('button', { name: 'Add a passkey' }).click()
    await page.locator('[data-row="this laptop"]').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in by a passkey' }).click()
    await page.locator('[data-row="this laptop"]').waitFor()
    await page.close()
  })
})

describe('a key', () => {
  it('is made, opens what it is for, and is taken back; all of it is in the list of changes', async () => {
    const page = await open(owner, '/account?tab=keys&site=shop')
    const form = page.getByRole('form', { name: 'Make a key' })
    await form.getByLabel('What it is for').fill('The weekly numbers')
    await form.getByLabel('Site').selectOption('shop')
    await form.getByRole('button', { name: 'Make a key' }).click()
    const key = (await page.locator('[data-key]').textContent()) ?? ''
    const asked = async (site: string): Promise<number> =>
      (await fetch(`${clickWatch.baseUrl}/api/sites/${site}`, { headers: { authorization: `Bearer ${key}` } })).status
    expect([await asked('shop'), await asked('default')]).toEqual([200, 403])
    await page.getByRole('button', { name: 'Take back the key The weekly numbers' }).click()
    await page.getByText('There are no keys yet').waitFor()
    expect(await asked('shop')).toBe(401)
    await page.goto(`${env.CLICKWATCH_URL}/account?tab=audit`)
    for (const [who, what] of [
      ['Ada', 'made a key'],
      ['Ada', 'took a key back'],
      ['Ada', 'gave somebody a role'],
      ['Grace', 'added a goal'],
    ] as const) {
      await page.getByRole('row').filter({ hasText: who }).filter({ hasText: what }).first().waitFor()
    }
    await page.close()
  })
})

describe('a site', () => {
  it('is handed over to somebody who has a role in it, once its name is typed', async () => {
    const page = await open(owner, '/settings?site=shop&tab=collection')
    const form = page.getByRole('form', { name: 'Hand the site over' })
    await form.getByLabel('To', { exact: true }).selectOption({ label: 'Grace (grace@example.org)' })
    const button = form.getByRole('button', { name: 'Hand the site over' })
    expect(await button.isDisabled()).toBe(true)
    await form.getByLabel('Type shop, or its name').fill('shop')
    await button.click()
    await form.getByText('Grace is the admin of this site').waitFor()
    await page.close()

    const context = await elsewhere()
    const theirs = await open(context, '/settings?site=shop&tab=collection')
    await signIn(theirs, grace)
    // Hers to empty; to remove it, which takes roles of others along, is for whoever manages all sites.
    await theirs.getByRole('form', { name: 'Erase what is stored' }).waitFor()
    expect(await theirs.getByRole('form', { name: 'Remove the site' }).count()).toBe(0)
    await theirs.goto(`${env.CLICKWATCH_URL}/account?tab=audit`)
    await theirs.getByRole('row').filter({ hasText: 'Ada' }).filter({ hasText: 'handed a site over' }).waitFor()
    await context.close()
  })
})
