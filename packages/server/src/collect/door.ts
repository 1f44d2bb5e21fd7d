import { createHash } from 'node:crypto'
import type { Idea } from '@clickwatch/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ClickWatchError } from '../errors.ts'
import { networkOf } from '../http/network.ts'
import { siteOfPath } from '../http/site.ts'
import type { IdeasReader } from '../metadata/ideas-reader.ts'
import type { RulesOf } from '../metadata/sites.ts'
import { besidePath } from './script.ts'

type Door = NonNullable<Idea['door']>

/** What the page says beside the idea's own words, unless the idea says that too. */
const english: Required<NonNullable<Door['labels']>> = {
  address: 'Your e-mail address',
  send: 'Tell me when it is there',
  promise: 'It is used to write to you about this, and for nothing else.',
  thanks: 'Thank you. You will hear from us.',
  wrong: 'This is not an e-mail address.',
}

const style = `
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1.125rem/1.6 system-ui, sans-serif; color: #1c1c1c; background: #fff }
main { box-sizing: border-box; width: min(36rem, 100%); padding: 2rem 1.25rem }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 1rem }
p { white-space: pre-line; margin: 0 0 1rem }
label { display: block; font-weight: 600 }
input { box-sizing: border-box; width: 100%; font: inherit; padding: .6rem .75rem; margin: .35rem 0 1rem; color: inherit; background: transparent; border: 1px solid #767676; border-radius: .4rem }
button { font: inherit; font-weight: 600; padding: .6rem 1.1rem; color: #fff; background: #1d4ed8; border: 0; border-radius: .4rem; cursor: pointer }
:focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px }
small { display: block; margin-top: 1rem; color: #555 }
[role=alert] { color: #b00020 }
@media (prefers-color-scheme: dark) {
  body { color: #eee; background: #151515 }
  input { border-color: #8c8c8c }
  button { color: #0b1020; background: #93b4ff }
  :focus-visible { outline-color: #93b4ff }
  small { color: #b5b5b5 }
  [role=alert] { color: #ff9aa8 }
}`
const styleHash = createHash('sha256').update(style).digest('base64')

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${styleHash}'`,
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

/** What a visitor has done on the page so far. */
type State = { kind: 'new' } | { kind: 'wrong'; given: string } | { kind: 'left' }

const formOf = (labels: Required<NonNullable<Door['labels']>>, state: State): string => {
  if (state.kind === 'left') return `<p role="status">${escaped(labels.thanks)}</p>`
  const isWrong = state.kind === 'wrong'
  const says = isWrong ? `<p role="alert" id="wrong">${escaped(labels.wrong)}</p>` : ''
  const about = isWrong
    ? `aria-invalid="true" aria-describedby="wrong promise" autofocus`
    : `aria-describedby="promise"`
  return `<form method="post" data-cw-id="interested" novalidate>
<label for="address">${escaped(labels.address)}</label>
${says}<input id="address" name="address" type="email" autocomplete="email" required maxlength="254" ${about} value="${isWrong ? escaped(state.given) : ''}">
<button>${escaped(labels.send)}</button>
<small id="promise">${escaped(labels.promise)}</small>
</form>`
}

const pageOf = (
  door: Door,
  state: State,
  site: string,
  scriptPath: string,
  identity: string,
): string => `<!doctype html>
<html lang="${escaped(door.lang ?? 'en')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escaped(door.title)}</title>
<style>${style}</style>
<script src="${escaped(besidePath(scriptPath, 'ideas.js'))}?site=${encodeURIComponent(site)}${identity === '' ? '' : `&amp;identity=${identity}`}"></script>
<script defer src="${escaped(scriptPath)}" data-site="${escaped(site)}"${identity === '' ? '' : ` data-identity="${identity}"`}></script>
</head>
<body>
<main>
<h1>${escaped(door.title)}</h1>
<p>${escaped(door.text)}</p>
${door.asks_address ? formOf({ ...english, ...door.labels }, state) : ''}
</main>
</body>
</html>
`

const isAddress = (text: string): boolean => text.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text)

const tries = { perAddress: 20, seconds: 3600 }

/**
 * `GET /idea/:site/:key`: the honest page behind a fake door, which says that there is nothing yet. It loads the tracker, so that the
 * visit goes on. `POST` keeps an address that a visitor leaves, apart from all events: those say that a form was sent.
 */
export const addDoorRoutes = (
  server: FastifyInstance,
  options: { ideas: IdeasReader; rulesOf: RulesOf; scriptPath: string },
): void => {
  const { ideas, rulesOf, scriptPath } = options
  const limiter = new RateLimiterMemory({ points: tries.perAddress, duration: tries.seconds })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4096 },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  )

  const doorOf = async (request: FastifyRequest): Promise<{ site: string; idea: Idea; door: Door }> => {
    const { key } = request.params as { key: string }
    const site = rulesOf(siteOfPath(request.params)).id
    const idea = (await ideas.of(site)).find((each) => each.key === key)
    if (!idea?.door) throw new ClickWatchError('not_found', 404, 'There is nothing behind this door.')
    return { site, idea, door: idea.door }
  }
  const show = async (request: FastifyRequest, reply: FastifyReply, state: State): Promise<FastifyReply> => {
    const { site, door } = await doorOf(request)
    const asked = (request.query as { identity?: unknown }).identity
    const identity = asked === 'cookieless' || asked === 'consent' ? asked : ''
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', policy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'same-origin')
      .header('cache-control', 'no-store')
      .send(pageOf(door, state, site, scriptPath, identity))
  }

  server.get('/idea/:site/:key', (request, reply) =>
    show(request, reply, { kind: (request.query as { left?: unknown }).left === '1' ? 'left' : 'new' }),
  )
  server.post('/idea/:site/:key', async (request, reply) => {
    const { idea, door } = await doorOf(request)
    if (!door.asks_address) throw new ClickWatchError('not_found', 404, 'This door asks for no address.')
    const refused = await limiter.consume(networkOf(request.ip)).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (refused instanceof Error) throw refused
    if (refused instanceof RateLimiterRes) {
      const retryAfterSeconds = Math.ceil(refused.msBeforeNext / 1000)
      throw new ClickWatchError('too_many_tries', 429, 'Too many addresses from one place; try again later.', {
        retryAfterSeconds,
      })
    }
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    const address = (form.get('address') ?? '').trim()
    if (!isAddress(address)) return show(request, reply.code(400), { kind: 'wrong', given: address.slice(0, 254) })
    await ideas.leaveAddress(idea.id, address)
    const search = new URL(request.url, 'http://door').searchParams
    search.set('left', '1')
    return reply.header('cache-control', 'no-store').redirect(`?${search}`, 303)
  })
}
