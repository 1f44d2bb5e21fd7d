import { type Command, usageOf } from './command.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** The part of docs/cli.md that the table of commands says. */
const referenceOf = (commands: readonly Command[]): string => {
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

const marks = ['<!-- commands: npm run docs:cli -->', '<!-- /commands -->'] as const

/** A page with the reference between the two marks that it has. */
export const withReference = (page: string, commands: readonly Command[]): string => {
  const [before = '', rest = ''] = page.split(marks[0])
  const [, after] = rest.split(marks[1])
  if (after === undefined) throw new Error(`the page lacks the marks ${marks.join(' and ')}`)
  return `${before}${marks[0]}\n\n${referenceOf(commands)}\n${marks[1]}${after}`
}
