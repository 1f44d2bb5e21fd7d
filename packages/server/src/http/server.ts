import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { ErrorAnswer } from '@clickwatch/contract'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { type Logger, pino } from 'pino'
import { ClickWatchError } from '../errors.ts'
import { secureHeaders } from './headers.ts'

/** Logs to standard error. Addresses are left out: personal data is not logged. */
export const createLogger = (name: string, level: string): Logger =>
  pino(
    { name, level, serializers: { req: ({ id, method, url }) => ({ id, method, path: String(url).split('?')[0] }) } },
    pino.destination(2),
  )

const asClickWatchError = (error: FastifyError | ClickWatchError): ClickWatchError => {
  if (error instanceof ClickWatchError) return error
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ClickWatchError(
        'too_large',
        413,
        'The body is larger than this route takes; send it in smaller parts.',
      )
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ClickWatchError('invalid_length', 400, 'The body is not as long as its Content-Length says.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ClickWatchError('unsupported_media_type', 415, 'This route does not take a body of that content type.')
  }
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) return new ClickWatchError('bad_request', status, error.message)
  return new ClickWatchError('internal', 500, 'Something went wrong here; the log has it under this request id.', {
    cause: error,
  })
}

const sendError = (error: FastifyError | ClickWatchError, request: FastifyRequest, reply: FastifyReply): void => {
  const told = asClickWatchError(error)
  if (told.status >= 500 && told.code === 'internal')
    request.log.error({ err: error, path: request.routeOptions.url }, told.message)
  if (told.retryAfterSeconds !== undefined) reply.header('retry-after', told.retryAfterSeconds)
  if (told.status === 401) reply.header('www-authenticate', 'Bearer')
  const answer: ErrorAnswer = {
    ...told.beside,
    error: {
      code: told.code,
      message: told.message,
      ...(told.field === undefined ? {} : { field: told.field }),
      request_id: request.id,
    },
  }
  reply.code(told.status).header('cache-control', 'no-store').send(answer)
}

const drainLimitBytes = 64 * 1024 * 1024

/**
 * Lets a sender finish a body that nobody will read, up to a limit: most read the answer only then, and would otherwise see a
 * broken connection instead of the reason.
 */
const drain = (body: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    let drainedBytes = 0
    if (body.readableEnded || body.destroyed) return resolve()
    body.on('data', (chunk: Buffer) => {
      drainedBytes += chunk.length
      if (drainedBytes > drainLimitBytes) resolve()
    })
    body.once('end', resolve)
    body.once('close', resolve)
    body.resume()
  })

/**
 * A server whose every answer carries a request id and whose every error has the shape of the contract.
 * @param trustedProxies addresses and ranges of proxies, beside this machine's, that say whom they speak for
 */
export const createServer = (logger: Logger, trustedProxies: readonly string[] = []): FastifyInstance => {
  const server = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: ['loopback', ...trustedProxies],
    // A client that sends slower than this holds a connection for nothing.
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: true,
    // Names of visits and visitors are as long as what they stand for.
    routerOptions: { maxParamLength: 500 },
  })
  server.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  server.addHook('onSend', secureHeaders)
  server.setErrorHandler(async (error: FastifyError | ClickWatchError, request, reply) => {
    if ('code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') await drain(request.raw)
    sendError(error, request, reply)
    return reply
  })
  server.setNotFoundHandler((request, reply) =>
    sendError(new ClickWatchError('not_found', 404, 'There is nothing at this address.'), request, reply),
  )
  return server
}
