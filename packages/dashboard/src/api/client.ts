import type { ErrorAnswer } from '@clickwatch/contract'
import { readStored, store } from '../storage.ts'
import { reportDenied } from './access.ts'
import { sharedHeaders } from './shared.ts'

const keyItem = 'clickwatch.key'

/** What the server, or the way to it, said no with. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly requestId: string | undefined
  /** The field at fault, such as rule/path. */
  readonly field: string | undefined

  constructor(status: number, code: string, message: string, details: { requestId?: string; field?: string } = {}) {
    super(message)
    this.status = status
    this.code = code
    this.requestId = details.requestId
    this.field = details.field
  }

  /** The server is starting, busy or out of reach: the same question is worth asking again. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 503
  }
}

/** Keeps the key of this browser; '' forgets it. */
export const storeKey = (key: string): void => store(keyItem, key)
export const hasKey = (): boolean => Boolean(readStored(keyItem))

const withKey = (headers: Record<string, string>): Record<string, string> => {
  // Whoever looks by a link sees what the link shows, also where they have a key.
  const shared = sharedHeaders()
  if (shared) return { ...headers, ...shared }
  const key = readStored(keyItem)
  return key ? { ...headers, authorization: `Bearer ${key}` } : headers
}

const errorOf = async (response: Response): Promise<ApiError> => {
  const body = (await response.json().catch(() => undefined)) as ErrorAnswer | undefined
  const { code = 'unknown', message = `The server answered ${response.status}.`, request_id, field } = body?.error ?? {}
  const details = { ...(request_id ? { requestId: request_id } : {}), ...(field ? { field } : {}) }
  return new ApiError(response.status, code, message, details)
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Asks the API, with the access key where there is one. What has a body is a POST unless it says otherwise.
 * @throws {ApiError}
 */
export const ask = async (
  path: string,
  options: { method?: Method; body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<Response> => {
  const { body, signal, method = body === undefined ? 'GET' : 'POST' } = options
  let response: Response
  try {
    response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: withKey(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, 'unreachable', 'The server cannot be reached.')
  }
  if (response.ok) return response
  const error = await errorOf(response)
  // Whoever opens a link is asked for its password, not for the key.
  const isOfLink = sharedHeaders() !== undefined || path.startsWith('/api/share/')
  // Whoever signs in is told at the form what was wrong.
  const isAtDoor = /^\/api\/(auth|setup|invitations)\b/.test(path)
  if (error.status === 401 && !isOfLink && !isAtDoor) reportDenied()
  throw error
}

export const askJson = async <T>(path: string, options?: Parameters<typeof ask>[1]): Promise<T> =>
  (await (await ask(path, options)).json()) as T
