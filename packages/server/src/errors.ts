/** What went wrong, as it is told to whoever asked: a stable code, a sentence, an HTTP status, and the field at fault. */
export class ClickWatchError extends Error {
  readonly code: string
  readonly status: number
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined
  /** What the answer says beside the error. */
  readonly beside: object | undefined

  constructor(
    code: string,
    status: number,
    sentence: string,
    details: { field?: string; retryAfterSeconds?: number; beside?: object; cause?: unknown } = {},
  ) {
    super(sentence, { cause: details.cause })
    this.name = 'ClickWatchError'
    this.code = code
    this.status = status
    this.field = details.field
    this.retryAfterSeconds = details.retryAfterSeconds
    this.beside = details.beside
  }
}

/** The request is understood but one part of it is wrong. */
export const invalidField = (field: string, reason: string): ClickWatchError =>
  new ClickWatchError('invalid_field', 400, field ? `${field} ${reason}` : `the body ${reason}`, { field })

/** Nothing is wrong with the request; there is no room for it now. */
export const overloaded = (sentence: string): ClickWatchError =>
  new ClickWatchError('overloaded', 503, sentence, { retryAfterSeconds: 1 })

/** A start that cannot go on: printed as one sentence, exit code 1. */
export class StartError extends Error {
  override name = 'StartError'
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What a person at a terminal is told of what ended a command: one sentence where it was foreseen, and where it happened otherwise. */
export const sentenceOf = (error: unknown): string =>
  error instanceof StartError || error instanceof ClickWatchError
    ? error.message
    : String(error instanceof Error ? error.stack : error)

/** The system's code of an error, such as EADDRINUSE; undefined when it has none. */
export const systemCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
