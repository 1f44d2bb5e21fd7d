import { type AuditAnswer, type KeysAnswer, type MadeKey, NewKey } from '@clickwatch/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sitesWith } from '../accounts/roles.ts'
import { invalidField } from '../errors.ts'
import { checkerOf } from '../http/validation.ts'
import type { Audit } from '../metadata/audit.ts'
import type { Keys } from '../metadata/keys.ts'
import { isDay } from '../time-zone.ts'

const place = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z [\da-f-]{36}$/

const check = checkerOf<NewKey>(NewKey)

/** @throws {ClickWatchError} 400 invalid_field */
export const readNewKey = (body: unknown): NewKey => {
  const checked = check(body)
  if (!checked.ok) throw invalidField(checked.field, checked.reason)
  const { expires_at } = checked.value
  if (expires_at !== undefined && !isDay(expires_at)) throw invalidField('expires_at', 'is no date of the calendar')
  return checked.value
}

/** The sites whose changes somebody may read of; undefined is all of them, and what is of none. */
const administered = ({ asker }: FastifyRequest): ReadonlySet<string> | undefined =>
  asker?.grants && sitesWith(asker.grants, 'admin')

/** `GET` and `POST /api/keys`, `DELETE /api/keys/:id`, and `GET /api/audit?site=&before=`, which says who changed what. */
export const addKeyRoutes = (server: FastifyInstance, { keys, audit }: { keys: Keys; audit: Audit }): void => {
  server.get('/api/keys', async (): Promise<KeysAnswer> => ({ keys: await keys.list() }))
  server.post('/api/keys', async (request, reply): Promise<MadeKey> => {
    const made = await keys.add(readNewKey(request.body))
    reply.code(201)
    return made
  })
  server.delete<{ Params: { id: string } }>('/api/keys/:id', async (request, reply) => {
    await keys.remove(request.params.id)
    return reply.code(204).send()
  })
  server.get('/api/audit', async (request): Promise<AuditAnswer> => {
    const { site, before } = request.query as { site?: unknown; before?: unknown }
    if (site !== undefined && typeof site !== 'string') throw invalidField('site', 'is expected once')
    if (before !== undefined && (typeof before !== 'string' || !place.test(before))) {
      throw invalidField('before', 'is expected once, as an earlier answer has it')
    }
    return audit.list({ sites: site === undefined ? administered(request) : new Set([site]), before })
  })
}
