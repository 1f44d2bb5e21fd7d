import type { Filter, NewAlert, NewFunnel, NewLink, NewReport, NewSegment } from '@clickwatch/contract'
import { ClickWatchError } from '../errors.ts'
import type { Metadata } from './database.ts'

/** Something a site keeps that stands on something else it keeps, as people call it: "the funnel 'Sign-up'". */
type User = string

type Comparing = { dimension: string; values: readonly (string | number)[] }

const comparisonsIn = (filters: readonly Filter[]): Comparing[] =>
  filters.flatMap((filter): Comparing[] => {
    switch (filter[0]) {
      case 'and':
      case 'or':
        return comparisonsIn(filter[1])
      case 'not':
      case 'has_done':
      case 'has_not_done':
        return comparisonsIn([filter[1]])
      default:
        return [{ dimension: filter[1], values: filter[2] }]
    }
  })

/** Whether filters name `value`, or anything at all, for `dimension`, such as a segment's id for `segment`. */
export const filtersName = (filters: readonly Filter[] | undefined, dimension: string, value?: string): boolean =>
  comparisonsIn(filters ?? []).some(
    (each) => each.dimension === dimension && (value === undefined || each.values.map(String).includes(value)),
  )

type Standing = { filters?: Filter[] | undefined; goals?: string[] }

/** What each noun that may stand on goals and segments stands on. */
const nouns: {
  [table in 'segments' | 'funnels' | 'links' | 'reports' | 'alerts']: [
    noun: string,
    standing: (body: string) => Standing,
  ]
} = {
  segments: ['segment', (body) => ({ filters: (JSON.parse(body) as NewSegment).filters })],
  funnels: [
    'funnel',
    (body) => {
      const { steps } = JSON.parse(body) as NewFunnel
      return {
        filters: steps.flatMap(({ filter }) => (filter ? [filter] : [])),
        goals: steps.flatMap(({ goal }) => goal ?? []),
      }
    },
  ],
  links: ['link', (body) => ({ filters: (JSON.parse(body) as NewLink).filters })],
  reports: ['report', (body) => ({ filters: (JSON.parse(body) as NewReport).filters })],
  alerts: [
    'alert',
    (body) => {
      const { filters, rule } = JSON.parse(body) as NewAlert
      return { filters, goals: rule.type === 'goal' ? [rule.goal] : [] }
    },
  ],
}

const usersOf = async (database: Metadata, site: string, uses: (standing: Standing) => boolean): Promise<User[]> => {
  const users: User[] = []
  for (const table of ['segments', 'funnels', 'links', 'reports', 'alerts'] as const) {
    const [noun, standingOf] = nouns[table]
    const rows = await database.selectFrom(table).select(['name', 'body']).where('site', '=', site).execute()
    for (const { name, body } of rows) if (uses(standingOf(body))) users.push(`the ${noun} '${name}'`)
  }
  return users
}

const refuse = (noun: string, users: User[], rest: string): void => {
  if (users.length === 0) return
  throw new ClickWatchError('in_use', 409, `This ${noun} is used by ${users.join(', ')}; ${rest}`)
}

/**
 * Lets nobody take away, or call by another name, a goal that something stands on: its numbers would silently be others.
 * Funnels and alerts know a goal by its id, filters by its name.
 * @throws {ClickWatchError} 409 in_use, naming what uses it
 */
export const refuseGoalInUse = async (
  database: Metadata,
  site: string,
  goal: { id: string; name: string },
  isRenamed: boolean,
): Promise<void> => {
  const users = await usersOf(
    database,
    site,
    ({ filters, goals }) =>
      filtersName(filters, 'event:goal', goal.name) || (!isRenamed && goals !== undefined && goals.includes(goal.id)),
  )
  refuse('goal', users, isRenamed ? 'they know it by its name, so it keeps it.' : 'change or remove these first.')
}

/** @throws {ClickWatchError} 409 in_use, naming what uses it */
export const refuseSegmentInUse = async (database: Metadata, site: string, id: string): Promise<void> => {
  const users = await usersOf(database, site, ({ filters }) => filtersName(filters, 'segment', id))
  refuse('segment', users, 'change or remove these first.')
}
