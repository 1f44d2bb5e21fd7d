import type { FastifyReply } from 'fastify'

/** A signal that is given when the connection closes before the answer is sent. */
export const askerLeaves = (reply: FastifyReply): AbortSignal => {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
