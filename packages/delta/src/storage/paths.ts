/** Object stores list by the bytes of UTF-8, which JavaScript's own order of strings is not: so all of them are put in one order. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** A prefix in a bucket or container: 'lake/events' and '/lake/events/' are the same place. */
export const normalizedPrefix = (prefix: string): string => {
  const trimmed = prefix.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : `${trimmed}/`
}
