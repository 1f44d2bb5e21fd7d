import { type Command, usageOf } from './command.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The part of docs/cli.md that the table of commands says. */
export const referenceOf = (commands: readonly Command[]): string => {
  const rows = commands.map((command) => `| \`${cell(usageOf(command))}\` | ${cell(command.summary)} |`)
  const options = commands.flatMap(({ name, options: of = {} }) =>
    Object.entries(of).map(([option, { value, summary }]) => {
      const written = value === undefined ? `--${option}` : `--${option} ${value}`
      return `| \`${name}\` | \`${written}\` | ${cell(summary)} |`
    }),
  )
  return `| command | what it does |
|---|---|
${rows.join('\n')}

| of | option | meaning |
|---|---|---|
${options.filter((row) => !row.includes('`--json`')).join('\n')}
`
}
