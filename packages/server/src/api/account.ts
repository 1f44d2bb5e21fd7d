import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Accounts } from '../accounts/accounts.ts'
import { asKept } from '../accounts/people.ts'
import { basePath } from '../accounts/single-sign-on.ts'
import {
  type Throttle,
  throttleOf,
  triesAtAccount,
  triesAtAccounts,
  triesOfAnything,
  triesOfMail,
} from '../accounts/tries.ts'
import { ClickWatchError } from '../errors.ts'
import { refuseForeignPage } from '../http/access.ts'
import type { CallerOf } from './asker.ts'
import { isObject } from './is-object.ts'
import { routes } from './routes.ts'

const signingIn = '/api/auth/sign-in/email'
/** It costs a try though nothing is wrong. */
const mailing = '/api/auth/request-password-reset'
/** Where whatever there is may be guessed at; of second factors, better-auth bounds the guesses at each as well. */
const ofAnything = new Set([
  '/api/auth/two-factor/verify-totp',
  '/api/auth/two-factor/verify-backup-code',
  '/api/auth/passkey/verify-authentication',
  '/api/auth/reset-password',
])

/** What the library calls something, as our errors are written. */
const errorOf = (status: number, body: unknown): ClickWatchError => {
  const { code, message } = (isObject(body) ? body : {}) as { code?: unknown; message?: unknown }
  const told = typeof message === 'string' && message !== '' ? message.replace(/([^.!?])$/, '$1.') : 'This was refused.'
  return new ClickWatchError(typeof code === 'string' ? code.toLowerCase() : 'refused', status, told)
}

/** Answers a request by better-auth. @returns the status */
const passOn = async (request: FastifyRequest, reply: FastifyReply, accounts: Accounts, origin: string) => {
  const headers = new Headers({ origin })
  for (const name of ['cookie', 'user-agent'] as const) {
    const value = request.headers[name]
    if (value !== undefined) headers.set(name, value)
  }
  const hasBody = request.method === 'POST'
  if (hasBody) headers.set('content-type', 'application/json')
  const auth = await accounts.at(origin)
  const answer = await auth.handler(
    new Request(origin + request.url, {
      ...{ method: request.method, headers },
      ...(hasBody ? { body: JSON.stringify(request.body ?? {}) } : {}),
    }),
  )
  for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie)
  const location = answer.headers.get('location')
  if (location !== null) reply.header('location', location)
  return answer
}

/** Below `/api/auth`: signing in and out, and what people do about their own account; better-auth answers. */
export const addAccountRoutes = (
  server: FastifyInstance,
  { accounts, callerOf }: { accounts: Accounts; callerOf: CallerOf },
): void => {
  const throttles = {
    account: throttleOf(triesAtAccount),
    accounts: throttleOf(triesAtAccounts),
    mail: throttleOf(triesOfMail),
    anything: throttleOf(triesOfAnything),
  }
  /** What is guessed at with a route, each with how often it may be. */
  const guessesOf = (route: string, body: unknown): [Throttle, string][] => {
    const email = asKept(String(isObject(body) ? body.email : ''))
    if (route === mailing) return [[throttles.mail, email]]
    if (ofAnything.has(route)) return [[throttles.anything, route]]
    return route === signingIn
      ? [
          [throttles.account, email],
          [throttles.accounts, route],
        ]
      : []
  }

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const { address, client, origin } = callerOf(request)
    // A form of another site's would sign a browser in as somebody else.
    if (request.method === 'POST') refuseForeignPage({ address, headers: request.headers })
    const route = request.routeOptions.url ?? ''
    const guesses = guessesOf(route, request.body)
    for (const [throttle, target] of guesses) await throttle.refuseTooMany(target, client)
    const answered = await passOn(request, reply, accounts, origin)
    const isRefused = answered.status >= 400
    if (route === mailing || (isRefused && answered.status < 500)) {
      for (const [throttle, target] of guesses) await throttle.wasWrong(target, client)
    }
    const text = await answered.text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    if (isRefused) throw errorOf(answered.status, body)
    return reply.code(answered.status).send(body)
  }

  for (const route of Object.keys(routes)) {
    const [method = '', url = ''] = route.split(' ')
    if (url.startsWith(`${basePath}/`)) server.route({ method, url, handler: answer })
  }
}
