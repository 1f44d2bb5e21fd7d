import type { LakeAnswer, OperationLine } from '@clickwatch/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ClickWatchError, messageOf } from '../errors.ts'
import type { VisitorLake } from '../pipeline/known.ts'
import { listDeadLetters } from '../store/letters.ts'
import type { Store } from '../store/store.ts'

type Operation = (say: (line: OperationLine) => void, argument: string) => Promise<void>

/** How the lake tells of itself, where there is one. */
type Lake = { status(): Promise<LakeAnswer> } & VisitorLake

/**
 * `GET /api/admin/dead-letters` and `GET /api/admin/lake` for the key's holder, and `POST /api/admin/<operation>` for the command line alone, since some of it
 * names folders. An operation answers lines of JSON while it goes on, and goes on when the asker leaves.
 */
export const addAdminRoutes = (
  server: FastifyInstance,
  options: {
    store: Store
    operations: Record<string, Operation>
    lake: Lake | undefined
    /** Whether a request comes from the command line of this machine. */
    isOperator: (request: FastifyRequest) => boolean
  },
): void => {
  const { store, operations, lake, isOperator } = options
  server.get('/api/admin/dead-letters', async () => listDeadLetters(store))
  server.get('/api/admin/lake', async () => {
    if (lake) return lake.status()
    throw new ClickWatchError('no_lake', 404, 'There is no lake: CLICKWATCH_LAKE names the place of one.')
  })
  for (const [name, operation] of Object.entries(operations)) {
    server.post(`/api/admin/${name}`, async (request, reply) => {
      if (!isOperator(request)) {
        throw new ClickWatchError(
          'operator_only',
          403,
          `This is for the command line of the server: clickwatch ${name}`,
        )
      }
      const argument = (request.body as { argument?: unknown } | null | undefined)?.argument
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        'x-request-id': request.id,
      })
      const say = (line: OperationLine) => raw.write(`${JSON.stringify(line)}\n`)
      try {
        await operation(say, typeof argument === 'string' ? argument : '')
      } catch (error) {
        const isKnown = error instanceof ClickWatchError
        if (!isKnown) request.log.error({ err: error }, `${name} failed`)
        say({ type: 'failed', code: isKnown ? error.code : 'internal', sentence: messageOf(error) })
      }
      raw.end()
    })
  }
}
