import { passkey } from '@better-auth/passkey'
import { shortestPassword } from '@clickwatch/contract'
import { betterAuth } from 'better-auth'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import type { Logger } from 'pino'
import type { Metadata } from '../metadata/database.ts'
import { hashPassword, isPassword } from '../metadata/passwords.ts'
import { resetHours } from './mails.ts'
import { basePath, providerId, type SingleSignOn } from './single-sign-on.ts'

const product = 'ClickWatch'
const sessionDays = 14
const dayS = 86_400

export type AuthOptions = {
  metadata: Metadata
  secret: string
  singleSignOn: SingleSignOn | undefined
  /** Whether somebody whom the provider vouches for is to have an account. */
  isExpected(email: string): Promise<boolean>
  /** Is told of an account that the provider has led to. */
  onArrived(user: { id: string; email: string }): Promise<void>
  /** undefined where the server sends no mail. */
  sendReset: ((to: { email: string; name: string }, token: string) => Promise<void>) | undefined
  logger: Logger
}

/**
 * better-auth over our tables, for browsers at one address: cookies, passkeys and the way back from an identity provider depend on it.
 * @param origin such as https://stats.example
 */
export const openAuth = (origin: string, options: AuthOptions) => {
  const { metadata, secret, singleSignOn, isExpected, onArrived, sendReset, logger } = options
  return betterAuth({
    appName: product,
    baseURL: origin,
    basePath,
    secret,
    trustedOrigins: [origin],
    // Whatever the database is: its tables have texts and whole numbers, as SQLite wants them.
    database: { db: metadata, type: 'sqlite' },
    emailAndPassword: {
      enabled: true,
      // Accounts come of an invitation, or are the first.
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      resetPasswordTokenExpiresIn: resetHours * 3600,
      revokeSessionsOnPasswordReset: true,
      password: { hash: hashPassword, verify: ({ password, hash }) => isPassword(password, hash) },
      ...(sendReset ? { sendResetPassword: ({ user, token }) => sendReset(user, token) } : {}),
    },
    user: { modelName: 'auth_users' },
    session: { modelName: 'auth_sessions', expiresIn: sessionDays * dayS, updateAge: dayS, freshAge: dayS / 24 },
    // Who is led here by the provider is who has the same address; the provider has to vouch for it.
    account: { modelName: 'auth_accounts', accountLinking: { enabled: true, trustedProviders: [] } },
    verification: { modelName: 'auth_verifications' },
    databaseHooks: {
      user: {
        create: {
          before: async ({ email, emailVerified }) => (emailVerified && (await isExpected(email)) ? undefined : false),
          after: async ({ id, email }) => onArrived({ id, email }),
        },
      },
    },
    plugins: [
      twoFactor({ issuer: product, schema: { twoFactor: { modelName: 'auth_second_factors' } } }),
      passkey({
        rpName: product,
        rpID: new URL(origin).hostname,
        origin,
        schema: { passkey: { modelName: 'auth_passkeys' } },
      }),
      ...(singleSignOn
        ? [
            genericOAuth({
              config: [
                {
                  providerId,
                  name: singleSignOn.name,
                  clientId: singleSignOn.clientId,
                  clientSecret: singleSignOn.clientSecret,
                  discoveryUrl: `${singleSignOn.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  requireIdTokenVerification: true,
                },
              ],
            }),
          ]
        : []),
    ],
    // Tries are counted by whoever stands before it (tries.ts), which needs no address to be stored.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'clickwatch',
      ipAddress: { disableIpTracking: true },
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
    },
    telemetry: { enabled: false },
    // What it says may have addresses of people in it: the sentence alone is logged.
    logger: { level: 'error', log: (_level, message) => logger.error(message.replace(/\S+@\S+/g, '…')) },
  })
}

export type Auth = ReturnType<typeof openAuth>
