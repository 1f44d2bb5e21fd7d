import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  type Decision,
  type Idea,
  type IdeaChange,
  type IdeaReport,
  type IdeaRevision,
  type LockedField,
  lockedFields,
  type NewDecision,
  type NewIdea,
} from '@clickwatch/contract'
import type { Selectable } from 'kysely'
import { ClickWatchError, invalidField } from '../errors.ts'
import type { Metadata } from './database.ts'
import type { Tables } from './schema.ts'

/** The ideas of sites. Each method that names one throws 404 not_found where the site has none such. */
export type Ideas = {
  /** The latest last. */
  list(site: string): Promise<Idea[]>
  get(site: string, id: string): Promise<Idea>
  /** @throws {ClickWatchError} 409 name_taken or key_taken */
  add(site: string, idea: NewIdea): Promise<Idea>
  /**
   * What is locked may be changed with `why`: what was before is kept, and a new count begins.
   * @throws {ClickWatchError} 400 naming `why`, 409 name_taken or key_taken
   */
  change(site: string, id: string, change: IdeaChange): Promise<Idea>
  remove(site: string, id: string): Promise<void>
  /** Notes when its first visitor came, once. */
  lock(site: string, id: string, at: string): Promise<Idea>
  /** Keeps a decision and the report as it was. */
  decide(site: string, id: string, decision: NewDecision, report: IdeaReport): Promise<Decision>
  /** A decision and the report as it was. */
  decided(site: string, id: string, decision: string): Promise<{ decision: Decision; report: IdeaReport }>
}

type Stored = Selectable<Tables['ideas']>
type Part = Tables['idea_revisions']

const missing = (noun = 'idea') => new ClickWatchError('not_found', 404, `This site has no such ${noun}.`)

const decisionOf = ({ id, at, body }: Part): Decision => ({
  ...(JSON.parse(body) as Omit<Decision, 'id' | 'at'>),
  id,
  at,
})
const revisionOf = ({ at, body }: Part): IdeaRevision => ({ ...(JSON.parse(body) as Omit<IdeaRevision, 'at'>), at })

/** Building it, or leaving it, ends it; until its count begins anew. */
const isDecided = (decisions: readonly Decision[], countedFrom: string): boolean => {
  const last = decisions.at(-1)
  return last !== undefined && last.decision !== 'keep_testing' && last.at >= countedFrom
}

const ideaOf = (row: Stored, revisions: readonly Part[], kept: readonly Part[]): Idea => {
  const decisions = kept.map(decisionOf)
  const { id, body, created_at, locked_at, counted_from } = row
  const status = isDecided(decisions, counted_from) ? 'decided' : locked_at === null ? 'waiting' : 'running'
  const noted = { id, created_at, locked_at, counted_from, status } as const
  return { ...(JSON.parse(body) as NewIdea), ...noted, revisions: revisions.map(revisionOf), decisions }
}

const changedFields = (before: NewIdea, after: NewIdea): LockedField[] =>
  lockedFields.filter((field) => !isDeepStrictEqual(before[field], after[field]))

export const ideasOf = (database: Metadata, now: () => number = Date.now): Ideas => {
  const nowText = (): string => new Date(now()).toISOString()

  const withParts = async (rows: readonly Stored[]): Promise<Idea[]> => {
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) return []
    const partsOf = async (table: 'idea_revisions' | 'idea_decisions'): Promise<Map<string, Part[]>> => {
      const parts = await database
        .selectFrom(table)
        .select(['id', 'idea', 'at', 'body'])
        .where('idea', 'in', ids)
        .orderBy('at')
        .execute()
      return Map.groupBy(parts, ({ idea }) => idea)
    }
    const [revisions, decisions] = await Promise.all([partsOf('idea_revisions'), partsOf('idea_decisions')])
    return rows.map((row) => ideaOf(row, revisions.get(row.id) ?? [], decisions.get(row.id) ?? []))
  }
  const storedOf = async (site: string, id: string): Promise<Stored> => {
    const row = await database
      .selectFrom('ideas')
      .selectAll()
      .where('site', '=', site)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw missing()
    return row
  }
  const get = async (site: string, id: string): Promise<Idea> => {
    const [idea] = await withParts([await storedOf(site, id)])
    if (!idea) throw missing()
    return idea
  }
  const refuseSecond = async (site: string, { name, key }: NewIdea, id: string): Promise<void> => {
    for (const [field, value] of [
      ['name', name],
      ['key', key],
    ] as const) {
      const other = await database
        .selectFrom('ideas')
        .select('id')
        .where('site', '=', site)
        .where(field, '=', value)
        .where('id', '!=', id)
        .executeTakeFirst()
      if (other) throw new ClickWatchError(`${field}_taken`, 409, `This site has an idea of that ${field}.`, { field })
    }
  }

  return {
    async list(site) {
      const query = database.selectFrom('ideas').selectAll().where('site', '=', site)
      return withParts(await query.orderBy('created_at').orderBy('id').execute())
    },
    get,
    async add(site, idea) {
      await refuseSecond(site, idea, '')
      const { name, key } = idea
      const at = nowText()
      const id = randomUUID()
      const row = { id, site, name, key, body: JSON.stringify(idea), locked_at: null, counted_from: at, created_at: at }
      await database.insertInto('ideas').values(row).execute()
      return get(site, id)
    },
    async change(site, id, { why, ...idea }) {
      const { body, locked_at } = await storedOf(site, id)
      await refuseSecond(site, idea, id)
      const before = JSON.parse(body) as NewIdea
      const changed = changedFields(before, idea)
      const isRevised = locked_at !== null && changed.length > 0
      if (isRevised && why === undefined) {
        const fields = changed.join(', ')
        throw invalidField(
          'why',
          `is missing: visitors were counted by ${fields}, so a change of it begins a new count`,
        )
      }
      const at = nowText()
      await database.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('ideas')
          .set({
            name: idea.name,
            key: idea.key,
            body: JSON.stringify(idea),
            // What happened before it was so is not what it is counted by, even where nobody had been counted.
            ...(changed.length > 0 ? { counted_from: at } : {}),
          })
          .where('id', '=', id)
          .execute()
        if (!isRevised) return
        const revision = { id: randomUUID(), idea: id, at, body: JSON.stringify({ changed, why, before }) }
        await transaction.insertInto('idea_revisions').values(revision).execute()
      })
      return get(site, id)
    },
    async remove(site, id) {
      const { numDeletedRows } = await database
        .deleteFrom('ideas')
        .where('site', '=', site)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) throw missing()
    },
    async lock(site, id, at) {
      await database
        .updateTable('ideas')
        .set({ locked_at: at })
        .where('site', '=', site)
        .where('id', '=', id)
        .where('locked_at', 'is', null)
        .execute()
      return get(site, id)
    },
    async decide(site, id, decision, report) {
      await storedOf(site, id)
      const body = JSON.stringify({ ...decision, tables_version: report.tables_version })
      const row = { id: randomUUID(), idea: id, at: nowText(), body, report: JSON.stringify(report) }
      await database.insertInto('idea_decisions').values(row).execute()
      return decisionOf(row)
    },
    async decided(site, id, decision) {
      await storedOf(site, id)
      const row = await database
        .selectFrom('idea_decisions')
        .selectAll()
        .where('idea', '=', id)
        .where('id', '=', decision)
        .executeTakeFirst()
      if (!row) throw missing('decision')
      return { decision: decisionOf(row), report: JSON.parse(row.report ?? 'null') as IdeaReport }
    },
  }
}

/**
 * Removes what a site's metadata has of people: its ideas, and with them who left an address and the reports that were decided by.
 * @returns how many there were
 */
export const eraseIdeasOf = (database: Metadata, site: string): Promise<{ ideas: number; addresses: number }> =>
  database.transaction().execute(async (transaction) => {
    const ofSite = transaction.selectFrom('ideas').select('id').where('site', '=', site)
    const addresses = await transaction.deleteFrom('interested').where('idea', 'in', ofSite).executeTakeFirstOrThrow()
    // What else belongs to an idea goes with it.
    const ideas = await transaction.deleteFrom('ideas').where('site', '=', site).executeTakeFirstOrThrow()
    return { ideas: Number(ideas.numDeletedRows), addresses: Number(addresses.numDeletedRows) }
  })
