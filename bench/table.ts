import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reported } from './figures.ts'
import { readAllResults } from './results.ts'

// `npm run bench:table`: writes what was measured into docs/performance.md, between the two marks that are there.

const path = join(import.meta.dirname, '../docs/performance.md')
const marks = ['<!-- figures: npm run bench:table -->', '<!-- /figures -->'] as const

const millions = (events: number): string => `${(events / 1e6).toLocaleString('en')} million events`
const cellOf = (figure: Reported | undefined): string =>
  figure ? `${figure.value.toLocaleString('en')} ${figure.is_met ? '✓' : '✗'}` : ''

/** The table as it is written: a row a figure, a column a number of events. */
const tableOf = (): string => {
  const all = readAllResults()
  const rows = new Map<string, string>()
  for (const { areas } of all) {
    for (const { figures } of areas) for (const { name, target } of figures) rows.set(name, target)
  }
  const figureIn = (name: string, results: (typeof all)[number]): Reported | undefined =>
    results.areas.flatMap(({ figures }) => figures).find((figure) => figure.name === name)
  const lines = [
    `| figure | target | ${all.map(({ events }) => millions(events)).join(' | ')} |`,
    `|---|---|${all.map(() => '---:|').join('')}`,
    ...[...rows].map(
      ([name, target]) =>
        `| \`${name}\` | ${target.replace('>=', '≥ ').replace('<=', '≤ ')} | ${all.map((results) => cellOf(figureIn(name, results))).join(' | ')} |`,
    ),
  ]
  const machines = all.map(({ events, measured_on, machine, versions }) => {
    const by = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
    return `${millions(events)}: measured on ${measured_on}, ${machine.processors} × ${machine.model}, ${machine.memory_gb} GB; ${by.join(', ')}.`
  })
  return [...lines, '', ...machines].join('\n')
}

/** Puts the table into the page, and answers it. */
export const writeTable = (): string => {
  const page = readFileSync(path, 'utf8')
  const [before, rest = ''] = page.split(marks[0])
  const after = rest.split(marks[1])[1]
  if (after === undefined) throw new Error(`docs/performance.md lacks the marks ${marks.join(' and ')}`)
  const table = tableOf()
  writeFileSync(path, `${before}${marks[0]}\n\n${table}\n\n${marks[1]}${after}`)
  return table
}

if (import.meta.main) process.stdout.write(`${writeTable()}\n`)
