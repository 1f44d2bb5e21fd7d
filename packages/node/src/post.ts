/** What became of a request: taken (but for what was rejected), refused as a whole, or to be sent again. */
export type Answer = { retryAfterMs: number; rejected: readonly { index: number; reason: string }[] } & (
  | { kind: 'taken' | 'again' }
  | { kind: 'refused'; reason: string }
)

const timeoutMs = 10_000
const again: Answer = { kind: 'again', retryAfterMs: 0, rejected: [] }

type Body = { rejected?: { index: number; field: string; reason: string }[]; error?: { message: string } }

const read = async (response: Response): Promise<Body> => {
  try {
    return (await response.json()) as Body
  } catch {
    return {}
  }
}

/** Posts events, each as JSON, to `/v1/events`; never throws. */
export const post = async (
  { url, apiKey, site }: { url: string; apiKey?: string; site?: string },
  events: readonly string[],
): Promise<Answer> => {
  let response: Response
  try {
    response = await fetch(new URL('v1/events', url.endsWith('/') ? url : `${url}/`), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: `{${site === undefined ? '' : `"site":${JSON.stringify(site)},`}"events":[${events.join(',')}]}`,
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch {
    return again
  }
  const body = await read(response)
  if (response.status === 429 || response.status >= 500) {
    return { ...again, retryAfterMs: Number(response.headers.get('retry-after') ?? 0) * 1000 || 0 }
  }
  const rejected = (body.rejected ?? []).map(({ index, field, reason }) => ({ index, reason: `${field} ${reason}` }))
  if (response.ok || rejected.length > 0) return { kind: 'taken', retryAfterMs: 0, rejected }
  const reason = body.error?.message ?? `the server answered ${response.status}`
  return { kind: 'refused', reason, retryAfterMs: 0, rejected: [] }
}
