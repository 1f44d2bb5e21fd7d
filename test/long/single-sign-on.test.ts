import type { Server } from 'node:http'
import { Provider } from 'oidc-provider'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../fixtures/chromium.ts'
import { type ClickWatch, quietPort, runCommand, startClickWatch } from '../fixtures/clickwatch.ts'

// An identity provider as there are many, which lets in whoever types a name; of one address it says that it has not verified it.

let server: Server
let clickWatch: ClickWatch
let browser: Browser
let env: Record<string, string>

const unverified = 'eve@example.org'

beforeAll(async () => {
  const [port, providerPort] = [await quietPort(), await quietPort()]
  const issuer = `http://localhost:${providerPort}`
  env = {
    CLICKWATCH_URL: `http://localhost:${port}`,
    CLICKWATCH_OIDC_ISSUER: issuer,
    CLICKWATCH_OIDC_CLIENT_ID: 'clickwatch',
    CLICKWATCH_OIDC_CLIENT_SECRET: 'a secret between the two',
    CLICKWATCH_OIDC_NAME: 'the office',
  }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'clickwatch',
        client_secret: 'a secret between the two',
        redirect_uris: [`${env.CLICKWATCH_URL}/api/auth/callback/oidc`],
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: id, email_verified: id !== unverified, name: id.split('@')[0] }),
    }),
  })
  server = provider.listen(providerPort)
  clickWatch = await startClickWatch({ env, port })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await clickWatch.dispose()
  await new Promise((resolve) => server.close(resolve))
})

const operator = async (...args: string[]): Promise<void> => {
  const { exited, output } = runCommand(args, { ...env, CLICKWATCH_DATA: clickWatch.dataFolder })
  expect([await exited, output()]).toEqual([0, expect.anything()])
}

/** Comes in by the provider, as whom it takes them for. */
const comeAs = async (email: string): Promise<Page> => {
  const page = await (await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.9' } })).newPage()
  await page.goto(`${env.CLICKWATCH_URL}/`)
  await page.getByRole('button', { name: 'Sign in by the office' }).click()
  await page.locator('input[name=login]').fill(email)
  await page.locator('input[name=password]').fill('anything')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL((url) => url.href.startsWith(`${env.CLICKWATCH_URL}/`))
  return page
}

describe('by single sign-on', () => {
  it('comes in who was invited, and nobody else', async () => {
    await operator('user', 'add', 'ada@example.org', '--role', 'owner')
    for (const email of ['grace@example.org', unverified]) {
      const { body } = await invite(email)
      expect(body.path).toContain('/invitation#')
    }
    const page = await comeAs('grace@example.org')
    await page.goto(`${env.CLICKWATCH_URL}/account`)
    await page.getByText('shop: look, set up').waitFor()
    await page.getByText('grace@example.org').waitFor()
    for (const email of [unverified, 'nobody@example.org']) {
      const theirs = await comeAs(email)
      await theirs.getByRole('alert').getByText('not let in').waitFor()
      await theirs.context().close()
    }
  })
})

/** Invites by a key of all sites. */
const invite = async (email: string): Promise<{ body: { path: string } }> => {
  const made = runCommand(['key', 'create', email, '--site', '*', '--scopes', 'admin'], {
    ...env,
    CLICKWATCH_DATA: clickWatch.dataFolder,
  })
  await made.exited
  const answer = await fetch(`${clickWatch.baseUrl}/api/sites/shop/invitations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${/cwk_[\w-]+/.exec(made.output())?.[0]}` },
    body: JSON.stringify({ email, role: 'editor' }),
  })
  expect(answer.status).toBe(201)
  return { body: (await answer.json()) as { path: string } }
}
