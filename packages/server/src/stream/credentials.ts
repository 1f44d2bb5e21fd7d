import { readFileSync } from 'node:fs'
import { StartError, systemCodeOf } from '../errors.ts'

/** What a stream elsewhere is to be shown, beside what its URL says. Files are read when they are needed. */
export type StreamCredentials = {
  user: string | undefined
  password: string | undefined
  /** PEM files: whom to trust, and who we are. */
  caFile: string | undefined
  certificateFile: string | undefined
  keyFile: string | undefined
  /** A file that holds a token, kept fresh by somebody else. */
  tokenFile: string | undefined
  /** Where a token is had for user and password (OAuth 2, client credentials). */
  tokenUrl: string | undefined
  tokenScope: string | undefined
}

export const readStreamCredentials = (env: NodeJS.ProcessEnv): StreamCredentials => ({
  user: env.CLICKWATCH_STREAM_USER || undefined,
  password: env.CLICKWATCH_STREAM_PASSWORD || undefined,
  caFile: env.CLICKWATCH_STREAM_CA || undefined,
  certificateFile: env.CLICKWATCH_STREAM_CERTIFICATE || undefined,
  keyFile: env.CLICKWATCH_STREAM_KEY || undefined,
  tokenFile: env.CLICKWATCH_STREAM_TOKEN_FILE || undefined,
  tokenUrl: env.CLICKWATCH_STREAM_TOKEN_URL || undefined,
  tokenScope: env.CLICKWATCH_STREAM_TOKEN_SCOPE || undefined,
})

/** @throws {StartError} naming the variable whose file cannot be read */
export const readCredentialFile = (name: string, path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new StartError(`${name} names ${path}, which cannot be read (${systemCodeOf(cause) ?? 'no code'}).`, {
      cause,
    })
  }
}

/** @throws {StartError} where it is said nowhere how a token is had */
export const requireToken = ({ tokenFile, tokenUrl }: StreamCredentials): void => {
  if (tokenFile || tokenUrl) return
  const expected = 'CLICKWATCH_STREAM_TOKEN_FILE or CLICKWATCH_STREAM_TOKEN_URL is expected.'
  throw new StartError(`With sasl=oauthbearer, ${expected}`)
}

/** A token for the broker, had anew each time a connection is made. */
export const tokenOf = async (credentials: StreamCredentials): Promise<string> => {
  const { tokenFile, tokenUrl, tokenScope, user, password } = credentials
  if (tokenFile) return readCredentialFile('CLICKWATCH_STREAM_TOKEN_FILE', tokenFile).trim()
  const response = await fetch(tokenUrl ?? '', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: user ?? '',
      client_secret: password ?? '',
      ...(tokenScope ? { scope: tokenScope } : {}),
    }),
  })
  const answer = (await response.json()) as { access_token?: unknown }
  if (response.ok && typeof answer.access_token === 'string') return answer.access_token
  throw new Error(`CLICKWATCH_STREAM_TOKEN_URL answered ${response.status} and no access_token`)
}
