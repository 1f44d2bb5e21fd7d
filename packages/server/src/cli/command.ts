import { parseArgs } from 'node:util'
import { messageOf, StartError } from '../errors.ts'

/** How a command ends, for scripts: docs/cli.md has the same. */
export const exitCodes = {
  done: 0,
  /** It could not be done; a sentence on standard error says why. */
  failed: 1,
  /** The command line itself is wrong. */
  wrongUsage: 2,
  /** It was done, and found something wrong: verify, doctor, config check. */
  foundWrong: 3,
} as const

/** A command line that cannot be meant: exit code 2. */
export class UsageError extends StartError {
  override name = 'UsageError'
}

export type Argument = {
  name: string
  summary: string
  /** There may be more than one; of the last argument alone. */
  isSeveral?: true
}

export type Option = {
  summary: string
  /** What stands for its value in help; an option without one is said or not. */
  value?: string
  isRequired?: true
  /** What its value may be, for completion. */
  choices?: readonly string[]
}

/** What was said on a command line that its command allows. */
export type Given = {
  arguments: readonly string[]
  values: Readonly<Record<string, string | undefined>>
  flags: ReadonlySet<string>
}

/** One row of the table that help, checks, completion and docs/cli.md come from. */
export type Command = {
  /** One word, or two where the first has several: 'lake compact'. */
  name: string
  summary: string
  /** What it is about, in the order of help. */
  group: 'Run' | 'Look after' | 'Move' | 'Set up'
  arguments?: readonly Argument[]
  options?: Readonly<Record<string, Option>>
  /** Answers the exit code. */
  run(given: Given): Promise<number>
}

/** `--json`, of commands that answer something. */
export const jsonOption = { json: { summary: 'answers in JSON, one value a line, for programs' } } as const

/** `clickwatch erase --site SITE [--visitor ID]` */
export const usageOf = ({ name, arguments: expected = [], options = {} }: Command): string => {
  const said = Object.entries(options).map(([option, { value, isRequired }]) => {
    const text = value === undefined ? `--${option}` : `--${option} ${value}`
    return isRequired ? text : `[${text}]`
  })
  return [
    'clickwatch',
    name,
    ...expected.map(({ name: each, isSeveral }) => (isSeveral ? `${each} …` : each)),
    ...said,
  ].join(' ')
}

/** @throws {UsageError} with how the command is written */
export const readGiven = (command: Command, args: string[]): Given => {
  const { arguments: expected = [], options = {} } = command
  const wrong = (sentence: string) => new UsageError(`${sentence}\nIt is written: ${usageOf(command)}`)
  const types = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const,
  )
  let read: { values: Record<string, unknown>; positionals: string[] }
  try {
    read = parseArgs({ args, options: Object.fromEntries(types), allowPositionals: true })
  } catch (error) {
    throw wrong(messageOf(error))
  }
  const missing = expected[read.positionals.length]
  if (missing) throw wrong(`${missing.name} is missing: ${missing.summary}.`)
  const surplus = expected.at(-1)?.isSeveral ? undefined : read.positionals[expected.length]
  if (surplus !== undefined) throw wrong(`'${surplus}' is more than 'clickwatch ${command.name}' takes.`)
  const left = Object.entries(options).find(([name, { isRequired }]) => isRequired && !read.values[name])
  if (left) throw wrong(`--${left[0]} is missing: ${left[1].summary}.`)
  const said = Object.entries(read.values)
  return {
    arguments: read.positionals,
    values: Object.fromEntries(said.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))),
    flags: new Set(said.flatMap(([name, value]) => (value === true ? name : []))),
  }
}
