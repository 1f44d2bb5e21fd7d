import { type Access, routes } from './routes.ts'

const marks = ['<!-- routes: npm run docs:routes -->', '<!-- /routes -->'] as const

const sites: Record<Access['of'], string> = {
  site: 'of the site, or of all',
  all: 'of all sites',
  own: 'any; sees its site alone',
}

const rowOf = ([route, { scope, of, change, links = [], isOperators }]: [string, Access]): string => {
  const key = isOperators ? 'none' : `\`${scope}\`, ${sites[of]}`
  return `| \`${route}\` | ${key} | ${links.map((kind) => `to ${kind === 'idea' ? 'an idea' : 'a dashboard'}`).join(', ')} | ${isOperators ? 'the command line alone' : (change ?? '')} |`
}

/** A page with the table of routes between the two marks that it has. */
export const withRoutes = (page: string): string => {
  const [before = '', rest = ''] = page.split(marks[0])
  const [, after] = rest.split(marks[1])
  if (after === undefined) throw new Error(`the page lacks the marks ${marks.join(' and ')}`)
  const rows = Object.entries(routes).map(rowOf)
  const table = `| route | key | link | noted as, or for whom |\n|---|---|---|---|\n${rows.join('\n')}`
  return `${before}${marks[0]}\n\n${table}\n\n${marks[1]}${after}`
}
