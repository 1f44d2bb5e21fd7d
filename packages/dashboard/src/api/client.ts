import type { ErrorAnswer } from '@clickwatch/contract'
import { reportDenied } from './access.ts'

const keyItem = 'clickwatch.key'

/** What the server, or the way to it, said no with. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly requestId: string | undefined

  constructor(status: number, code: string, message: string, requestId?: string) {
    super(message)
    this.status = status
    this.code = code
    this.requestId = requestId
  }

  /** The server is starting, busy or out of reach: the same question is worth asking again. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 503
  }
}

export const storeKey = (key: string): void => localStorage.setItem(keyItem, key)

const withKey = (headers: Record<string, string>): Record<string, string> => {
  const key = localStorage.getItem(keyItem)
  return key ? { ...headers, authorization: `Bearer ${key}` } : headers
}

const errorOf = async (response: Response): Promise<ApiError> => {
  const body = (await response.json().catch(() => undefined)) as ErrorAnswer | undefined
  const { code = 'unknown', message = `The server answered ${response.status}.`, request_id } = body?.error ?? {}
  return new ApiError(response.status, code, message, request_id)
}

/**
 * Asks the API, with the access key where there is one.
 * @throws {ApiError}
 */
export const ask = async (
  path: string,
  options: { body?: unknown; signal?: AbortSignal | undefined } = {},
): Promise<Response> => {
  const { body, signal } = options
  let response: Response
  try {
    response = await fetch(path, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: withKey(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, 'unreachable', 'The server cannot be reached.')
  }
  if (response.ok) return response
  const error = await errorOf(response)
  if (error.status === 401 || error.status === 403) reportDenied(error.status)
  throw error
}

export const askJson = async <T>(path: string, options?: Parameters<typeof ask>[1]): Promise<T> =>
  (await (await ask(path, options)).json()) as T
