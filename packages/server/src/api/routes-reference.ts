import type { KeyScope } from '@clickwatch/contract'
import { type Access, type Granted, isGranted, routes } from './routes.ts'

const marks = ['<!-- routes: npm run docs:routes -->', '<!-- /routes -->'] as const

const sites: Record<Granted['of'], string> = {
  site: 'of the site, or of all',
  all: 'of all sites',
  own: 'any; sees its sites alone',
}

const leastRole: Record<KeyScope, string> = { read: 'viewer', write: 'editor', admin: 'admin' }

const whoOf = (access: Access): string => {
  if (!isGranted(access)) return access.open === 'everybody' ? 'everybody' : 'who is signed in'
  return access.isOperators ? 'none' : `\`${access.scope}\` or ${leastRole[access.scope]}, ${sites[access.of]}`
}
const linksOf = (access: Access): string =>
  (isGranted(access) ? (access.links ?? []) : [])
    .map((kind) => (kind === 'idea' ? 'to an idea' : 'to a dashboard'))
    .join(', ')
const noteOf = (access: Access): string =>
  isGranted(access) && access.isOperators ? 'the command line alone' : (access.change ?? '')

const rowOf = ([route, access]: [string, Access]): string =>
  `| \`${route}\` | ${whoOf(access)} | ${linksOf(access)} | ${noteOf(access)} |`

/** A page with the table of routes between the two marks that it has. */
export const withRoutes = (page: string): string => {
  const [before = '', rest = ''] = page.split(marks[0])
  const [, after] = rest.split(marks[1])
  if (after === undefined) throw new Error(`the page lacks the marks ${marks.join(' and ')}`)
  const rows = Object.entries(routes).map(rowOf)
  const table = `| route | key or role | link | noted as, or for whom |\n|---|---|---|---|\n${rows.join('\n')}`
  return `${before}${marks[0]}\n\n${table}\n\n${marks[1]}${after}`
}
