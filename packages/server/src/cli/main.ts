import { sentenceOf } from '../errors.ts'
import { type Command, exitCodes, readGiven, UsageError } from './command.ts'
import { commands } from './commands.ts'
import { helpOf, helpOfCommand } from './help.ts'
import { nearest } from './nearest.ts'

/** The command that a line begins with, and what follows. @throws {UsageError} */
const commandOf = (args: string[]): { command: Command; rest: string[] } => {
  const [first = '', second = ''] = args
  for (const [name, length] of [
    [`${first} ${second}`, 2],
    [first, 1],
  ] as const) {
    const command = commands.find((one) => one.name === name)
    if (command) return { command, rest: args.slice(length) }
  }
  const ofFirst = commands.filter(({ name }) => name.startsWith(`${first} `))
  if (ofFirst.length > 0) {
    const choices = ofFirst.map(({ name }) => `  clickwatch ${name}\n`).join('')
    throw new UsageError(`What is to be done is missing. There are:\n${choices.trimEnd()}`)
  }
  const meant = nearest(first, [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))])
  throw new UsageError(
    `There is no command '${first}'.${meant === undefined ? '' : ` Is '${meant}' meant?`} 'clickwatch --help' lists all.`,
  )
}

const asksForHelp = (word: string | undefined): boolean => word === '--help' || word === '-h'

/** Runs one command line; answers its exit code (docs/cli.md). */
export const main = async (args: string[]): Promise<number> => {
  const [name] = args
  if (name === undefined || (name === 'help' && args.length === 1) || asksForHelp(name)) {
    process.stdout.write(helpOf(commands))
    return exitCodes.done
  }
  try {
    const { command, rest } = commandOf(name === 'help' ? args.slice(1) : args)
    if (name === 'help' || rest.some(asksForHelp)) {
      process.stdout.write(helpOfCommand(command))
      return exitCodes.done
    }
    return await command.run(readGiven(command, rest))
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    return error instanceof UsageError ? exitCodes.wrongUsage : exitCodes.failed
  }
}
