import { parseArgs } from 'node:util'
import { messageOf, StartError } from '../errors.ts'
import { demo } from './demo.ts'
import { portOf } from './options.ts'
import { serve } from './serve.ts'

const help = `clickwatch: see live whether people want an idea before it is built

  clickwatch serve [--port 8080]   collector, engine and dashboard on one port
  clickwatch demo [--port 8080]    the same, fed with generated traffic (--help of its own: clickwatch demo --help)

The environment sets the rest (CLICKWATCH_DATA, CLICKWATCH_PORT, CLICKWATCH_API_KEY …): docs/configuration.md
`

const commands: Record<string, (args: string[]) => Promise<number>> = {
  serve: (args) => serve(portOf(parseArgs({ args, options: { port: { type: 'string' } } }).values.port)),
  demo,
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
