import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NewAlert, NewReport, Query, QueryAnswer } from '@clickwatch/contract'
import { pino } from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestMetadata } from '../../../../test/fixtures/metadata.ts'
import type { Metadata } from '../metadata/database.ts'
import { alertsOf, reportsOf } from '../metadata/noted.ts'
import { siteViewsOf } from '../metadata/site-views.ts'
import { deliverBy } from './deliver.ts'
import { mailBy } from './mail.ts'
import { openOutbox } from './schedule.ts'
import { isInside, webhookBy } from './webhook.ts'

type Mail = { from: string; to: string[]; text: string }
let mails: Mail[] = []
let smtpAnswers: (Error | undefined)[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const refusal = smtpAnswers.shift()
      if (refusal) return done(refusal)
      const { mailFrom, rcptTo } = session.envelope
      mails.push({
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        // Quoted-printable breaks lines with '=' at their end.
        text: Buffer.concat(chunks).toString().replace(/=\r\n/g, ''),
      })
      done()
    })
  },
})

type Posted = { url: string; body: Record<string, unknown> }
let posted: Posted[] = []
let statuses: number[] = []
const receiver = createServer(async (request: IncomingMessage, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  posted.push({ url: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as Posted['body'] })
  response.writeHead(statuses.shift() ?? 200, { location: '/elsewhere' }).end('ok')
})
const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

let smtpUrl: string
let hookUrl: string
beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  smtpUrl = `smtp://127.0.0.1:${portOf(smtp.server)}`
  hookUrl = `http://127.0.0.1:${portOf(receiver)}/hook`
})
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(resolve))
  await new Promise((resolve) => receiver.close(resolve))
})

let metadata: Metadata
/** What the next questions are answered with, by what they ask for. */
let visitorsNow: number
beforeEach(async () => {
  metadata = await openTestMetadata()
  ;[mails, posted, smtpAnswers, statuses, visitorsNow] = [[], [], [], [], 7]
})
afterEach(() => metadata.destroy())

const nowMs = Date.parse('2026-03-02T09:00:00Z')
const answer = async (query: Query, askedMs: number): Promise<QueryAnswer> => {
  const isNow = query.date_range[1] === new Date(askedMs).toISOString()
  const count = query.dimensions
    ? []
    : [{ dimensions: [], metrics: query.metrics.map(() => (isNow ? visitorsNow : 20)) }]
  return { results: count, meta: { timezone: 'UTC', from: '', to: '' }, query }
}
/** An outbox as a start of the server opens one: nothing but the metadata is remembered. */
const open = () => {
  const [reports, alerts] = [reportsOf(metadata), alertsOf(metadata)]
  const outbox = openOutbox({
    metadata,
    reports,
    alerts,
    siteViews: siteViewsOf(metadata, 'UTC'),
    ask: answer,
    deliver: deliverBy(mailBy(smtpUrl, 'ClickWatch <cw@shop.example>'), webhookBy(true)),
    logger: pino({ level: 'silent' }),
  })
  return { reports, alerts, outbox }
}
const daily: NewReport = {
  name: 'Daily',
  every: 'day',
  target: { type: 'email', to: ['ann@shop.example', 'bo@shop.example'] },
}
const hook = (format: 'slack' | 'json') => ({ type: 'webhook' as const, url: hookUrl, format })
const spike = (): NewAlert => ({
  name: 'Busy',
  rule: { type: 'spike', times: 2 },
  target: hook('slack'),
  note: 'Look & see',
})
const backdate = (table: 'reports' | 'alerts') =>
  metadata.updateTable(table).set({ created_at: '2026-02-20T00:00:00.000Z' }).execute()

describe('a report', () => {
  it('goes out by mail once, whether or not the server starts again', async () => {
    const { reports, outbox } = open()
    const { id } = await reports.add('shop', daily)
    await backdate('reports')
    await outbox.tick(nowMs)
    await outbox.tick(nowMs + 60_000)
    await open().outbox.tick(nowMs + 120_000)
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({ from: 'cw@shop.example', to: ['ann@shop.example', 'bo@shop.example'] })
    expect(mails[0]?.text).toMatch(/Subject: shop: 20 visitors yesterday/)
    expect(await reports.get('shop', id)).toMatchObject({ last_sent_at: '2026-03-02T09:00:00.000Z', last_error: null })
    await open().outbox.tick(nowMs + 24 * 3_600_000)
    expect(mails).toHaveLength(2)
  })

  it('that the mail server refuses says so, and is tried again', async () => {
    const { reports, outbox } = open()
    const { id } = await reports.add('shop', daily)
    await backdate('reports')
    smtpAnswers = [Object.assign(new Error('the box is full'), { responseCode: 452 })]
    await outbox.tick(nowMs)
    expect((await reports.get('shop', id)).last_error).toContain('the box is full')
    await outbox.tick(nowMs + 60_000)
    expect(mails).toHaveLength(0)
    await outbox.tick(nowMs + 10 * 60_000)
    expect(mails).toHaveLength(1)
    expect((await reports.get('shop', id)).last_error).toBeNull()
  })

  it('has the numbers as data for a webhook', async () => {
    await open().outbox.sendReport({ ...daily, target: hook('json') }, 'shop', nowMs)
    expect(posted[0]).toMatchObject({
      url: '/hook',
      body: { type: 'report', site: 'shop', period: { from: '2026-03-01' }, metrics: { visitors: { value: 20 } } },
    })
  })
})

describe('an alert', () => {
  it('tells once when it goes off, and again after it was over', async () => {
    const { alerts, outbox } = open()
    const { id } = await alerts.add('shop', spike())
    await outbox.tick(nowMs)
    expect(posted).toHaveLength(0)
    visitorsNow = 40
    await outbox.tick(nowMs + 60_000)
    await outbox.tick(nowMs + 120_000)
    await open().outbox.tick(nowMs + 180_000)
    expect(posted.map(({ body }) => body.text)).toEqual([
      '*shop: Busy*\n40 visitors in the last hour; usual at this time is 20.\nLook &amp; see',
    ])
    expect(await alerts.get('shop', id)).toMatchObject({ is_on: true, last_fired_at: '2026-03-02T09:01:00.000Z' })
    visitorsNow = 20
    await outbox.tick(nowMs + 240_000)
    expect((await alerts.get('shop', id)).is_on).toBe(false)
    visitorsNow = 40
    await outbox.tick(nowMs + 300_000)
    expect(posted).toHaveLength(2)
  })

  it('that was not delivered is told as soon as it can be', async () => {
    const { alerts, outbox } = open()
    const { id } = await alerts.add('shop', spike())
    visitorsNow = 40
    statuses = [500]
    await outbox.tick(nowMs)
    expect(await alerts.get('shop', id)).toMatchObject({ is_on: false, last_error: expect.stringContaining('500') })
    await outbox.tick(nowMs + 10 * 60_000)
    expect(posted).toHaveLength(2)
    expect(await alerts.get('shop', id)).toMatchObject({ is_on: true, last_error: null })
  })

  it('can be tried, says that it was a test, and is as it was', async () => {
    const { alerts, outbox } = open()
    const { id } = await alerts.add('shop', { ...spike(), target: hook('json') })
    await outbox.testAlert(await alerts.get('shop', id), 'shop', nowMs)
    expect(posted[0]?.body).toMatchObject({ is_test: true, subject: 'Test: shop: Busy', site: 'shop' })
    expect(await alerts.get('shop', id)).toMatchObject({ is_on: false, last_fired_at: null })
  })
})

describe('mail that nobody set up', () => {
  it('is refused with what to do', async () => {
    const send = mailBy(undefined, 'cw@shop.example')(['a@b.example'], { subject: '', lines: [], facts: {} })
    await expect(send).rejects.toMatchObject({
      code: 'mail_not_set_up',
      message: expect.stringContaining('CLICKWATCH_SMTP_URL'),
    })
  })
})

describe('a webhook', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '100.64.0.1',
    '::1',
    '::ffff:127.0.0.1',
    'fd00::1',
    'fe80::1',
    '::ffff:8.8.8.8',
    '0.0.0.0',
  ])('knows that %s is inside', (address) => expect(isInside(address)).toBe(true))
  it.each(['8.8.8.8', '2606:4700:4700::1111', '172.32.0.1', '192.169.0.1'])('knows that %s is outside', (address) =>
    expect(isInside(address)).toBe(false),
  )

  it('does not go inside by an address, by a name, or in disguise', async () => {
    const post = webhookBy(false)
    const port = portOf(receiver)
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
      await expect(post(`http://${host}:${port}/hook`, {}), host).rejects.toMatchObject({
        code: 'not_delivered',
        message: expect.stringContaining('private network'),
      })
    }
    expect(posted).toEqual([])
  })

  it('follows no redirect', async () => {
    statuses = [307]
    await expect(webhookBy(true)(hookUrl, {})).rejects.toMatchObject({ message: expect.stringContaining('307') })
    expect(posted.map(({ url }) => url)).toEqual(['/hook'])
  })

  it.each(['file:///etc/passwd', 'ftp://a.example', 'hooks.example', ''])(
    'does not take %j for an address',
    async (url) => {
      await expect(webhookBy(true)(url, {})).rejects.toMatchObject({ code: 'invalid_field', field: 'target/url' })
    },
  )
})
