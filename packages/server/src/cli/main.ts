import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf, StartError } from '../errors.ts'
import { portOf } from './options.ts'

const help = `clickwatch: see live whether people want an idea before it is built

  clickwatch serve [--port 8080]   collector, engine and dashboard on one port
  clickwatch demo [--port 8080]    the same, fed with generated traffic (--help of its own: clickwatch demo --help)
  clickwatch collector|pipeline|api [--port 8080]   one part of it, of which several run on several machines: docs/cluster.md

  clickwatch verify                checks that everything stored adds up, and prints what differs
  clickwatch rebuild [--from DATE] makes silver and gold anew from bronze, beside what is read; or only of those who came since
  clickwatch replay dead-letters   processes what was refused and can be understood by now
  clickwatch erase --site SITE [--visitor ID]   removes a site, or one visitor of it, from everything stored
  clickwatch export visitor --site SITE --visitor ID FILE   writes everything known of one visitor to a file, as JSON
  clickwatch backup DIR            adds to a folder what arrived since the last backup there
  clickwatch restore DIR           puts a backup into a new data folder
  clickwatch lake status | catch-up | compact | vacuum | rebuild   how the lake is, or what is to be done with it
  clickwatch import lake           makes a new store of the lake's bronze table
  clickwatch spread                has ClickHouse nodes that were added take their share of what is stored
  clickwatch database copy         takes what people set up from the data folder into CLICKWATCH_DATABASE

Verify, rebuild, spread, replay and backup have the running server do it, or do it themselves where none runs.
The environment sets the rest (CLICKWATCH_DATA, CLICKWATCH_PORT, CLICKWATCH_API_KEY …): docs/configuration.md
`

/** The name of a command that takes nothing. */
const alone = (name: string, args: string[]): string => {
  parseArgs({ args, options: {} })
  return name
}

const folderOf = (name: string, args: string[]): string => {
  const [folder, ...others] = parseArgs({ args, options: {}, allowPositionals: true }).positionals
  if (folder !== undefined && others.length === 0) return resolve(folder)
  throw new StartError(`One folder is expected: clickwatch ${name} DIR`)
}

const erasureOf = (args: string[]): string => {
  const options = { site: { type: 'string' }, visitor: { type: 'string' } } as const
  const { site, visitor } = parseArgs({ args, options }).values
  if (site) return JSON.stringify({ site, visitor })
  throw new StartError('Whose data is to go is missing: clickwatch erase --site SITE [--visitor ID]')
}

const visitorExportOf = (args: string[]): string => {
  const options = { site: { type: 'string' }, visitor: { type: 'string' } } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [what, path, ...others] = positionals
  const { site = 'default', visitor } = values
  if (what === 'visitor' && path !== undefined && visitor && others.length === 0) {
    return JSON.stringify({ site, visitor, path: resolve(path) })
  }
  throw new StartError('What is to be exported is missing: clickwatch export visitor --site SITE --visitor ID FILE')
}

const replayed = (args: string[]): string => {
  const [what] = parseArgs({ args, options: {}, allowPositionals: true }).positionals
  if (what === 'dead-letters') return 'replay-dead-letters'
  throw new StartError('What is to be replayed is missing: clickwatch replay dead-letters')
}

const lakeOperations = ['status', 'catch-up', 'compact', 'vacuum', 'rebuild']

const lakeOperationOf = (args: string[]): string => {
  const [what = '', ...others] = parseArgs({ args, options: {}, allowPositionals: true }).positionals
  if (lakeOperations.includes(what) && others.length === 0) return `lake-${what}`
  throw new StartError(`What is to be done is missing: clickwatch lake ${lakeOperations.join(' | ')}`)
}

const imported = (args: string[]): void => {
  const [what, ...others] = parseArgs({ args, options: {}, allowPositionals: true }).positionals
  if (what === 'lake' && others.length === 0) return
  throw new StartError('What is to be imported is missing: clickwatch import lake')
}

const copied = (args: string[]): void => {
  const [what, ...others] = parseArgs({ args, options: {}, allowPositionals: true }).positionals
  if (what === 'copy' && others.length === 0) return
  throw new StartError('What is to be done is missing: clickwatch database copy')
}

/** Has the running server, or an engine of its own, do it. */
const operate = async (operation: string, argument?: string): Promise<number> =>
  (await import('./operate.ts')).operate(operation, argument)

const portIn = (args: string[]): number | undefined =>
  portOf(parseArgs({ args, options: { port: { type: 'string' } } }).values.port)

const apart = async (role: 'collector' | 'pipeline' | 'api', args: string[]): Promise<number> => {
  const port = portIn(args)
  return (await import('./apart.ts')).runApart(role, port)
}

// What a command needs is loaded once it is known which one it is.
const commands: Record<string, (args: string[]) => Promise<number>> = {
  rebuild: (args) => operate('rebuild', parseArgs({ args, options: { from: { type: 'string' } } }).values.from ?? ''),
  spread: (args) => operate(alone('spread', args)),
  verify: (args) => operate(alone('verify', args)),
  replay: (args) => operate(replayed(args)),
  erase: (args) => operate('erase', erasureOf(args)),
  export: (args) => operate('export-visitor', visitorExportOf(args)),
  backup: (args) => operate('backup', folderOf('backup', args)),
  async restore(args) {
    const folder = folderOf('restore', args)
    return (await import('./restore.ts')).restoreBackup(folder)
  },
  lake: (args) => operate(lakeOperationOf(args)),
  async import(args) {
    imported(args)
    return (await import('./import.ts')).importLake()
  },
  async database(args) {
    copied(args)
    return (await import('./database.ts')).copyDatabase()
  },
  async serve(args) {
    const port = portIn(args)
    return (await import('./serve.ts')).serve(port)
  },
  collector: (args) => apart('collector', args),
  pipeline: (args) => apart('pipeline', args),
  api: (args) => apart('api', args),
  demo: async (args) => (await import('./demo.ts')).demo(args),
}

/** Runs one command line; answers its exit code. */
export const main = async (args: string[]): Promise<number> => {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(help)
    return 0
  }
  const command = commands[name]
  if (!command) {
    process.stderr.write(`There is no command '${name}'.\n\n${help}`)
    return 1
  }
  try {
    return await command(rest)
  } catch (error) {
    const isExpected =
      error instanceof StartError ||
      (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    process.stderr.write(`${isExpected ? messageOf(error) : String(error instanceof Error ? error.stack : error)}\n`)
    return 1
  }
}
