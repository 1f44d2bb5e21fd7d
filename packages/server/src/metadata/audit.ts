import { randomUUID } from 'node:crypto'
import type { AuditAnswer, AuditEntry } from '@clickwatch/contract'
import type { Metadata } from './database.ts'

export type Audit = {
  note(entry: Omit<AuditEntry, 'id' | 'at'>): Promise<void>
  /** The newest first, of some sites or of all; `before` is as an earlier answer has it. */
  list(options: { sites: ReadonlySet<string> | undefined; before: string | undefined }): Promise<AuditAnswer>
}

const atOnce = 100

/** What was changed, by whom. Nobody changes what is noted. */
export const auditOf = (database: Metadata): Audit => ({
  async note(entry) {
    await database
      .insertInto('audit')
      .values({ ...entry, id: randomUUID(), at: new Date().toISOString() })
      .execute()
  },
  async list({ sites, before }) {
    // Several may be of one millisecond: a place is the time and the id.
    const [at = '', id = ''] = before?.split(' ') ?? []
    let asked = database
      .selectFrom('audit')
      .selectAll()
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(atOnce + 1)
    if (sites !== undefined) asked = asked.where('site', 'in', [...sites])
    if (before !== undefined) {
      asked = asked.where(({ eb, and, or }) => or([eb('at', '<', at), and([eb('at', '=', at), eb('id', '<', id)])]))
    }
    const rows = await asked.execute()
    const entries = rows.slice(0, atOnce)
    const last = entries.at(-1)
    return { entries, before: rows.length > atOnce && last ? `${last.at} ${last.id}` : null }
  },
})
