import { type Command, usageOf } from './command.ts'

const groups: readonly Command['group'][] = ['Run', 'Look after', 'Move', 'Set up']

const table = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}\n`).join('')
}

/** `clickwatch --help` */
export const helpOf = (commands: readonly Command[]): string => {
  const parts = groups.map((group) => {
    const rows = commands.filter((command) => command.group === group)
    return `${group}\n${table(rows.map(({ name, summary }) => [name, summary]))}`
  })
  return `clickwatch: see live whether people want an idea before it is built

${parts.join('\n')}
'clickwatch COMMAND --help' says what a command takes. What is done to stored data is done by the running server, or here where none runs.
The environment sets the rest (CLICKWATCH_DATA, CLICKWATCH_PORT, CLICKWATCH_API_KEY …): docs/configuration.md
`
}

/** `clickwatch COMMAND --help` */
export const helpOfCommand = (command: Command): string => {
  const { summary, arguments: expected = [], options = {} } = command
  const rows = [
    ...expected.map((argument) => [argument.name, argument.summary] as const),
    ...Object.entries(options).map(
      ([name, { value, summary: what }]) => [`--${name}${value === undefined ? '' : ` ${value}`}`, what] as const,
    ),
  ]
  return `${usageOf(command)}: ${summary}\n${rows.length === 0 ? '' : `\n${table(rows)}`}`
}
