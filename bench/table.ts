import { join } from 'node:path'
import type { Reported } from './figures.ts'
import { writeBetween } from './page.ts'
import { measuredSentence, readAllResults } from './results.ts'

// `npm run bench:table`: writes what was measured into docs/performance.md, between the two marks that are there.

const path = join(import.meta.dirname, '../docs/performance.md')
const millions = (events: number): string => `${(events / 1e6).toLocaleString('en')} million events`
const cellOf = (figure: Reported | undefined): string =>
  figure ? `${figure.value.toLocaleString('en')} ${figure.is_met ? '✓' : '✗'}` : ''

/** The table as it is written: a row a figure, a column a number of events. */
const tableOf = (): string => {
  const all = readAllResults()
  // A target may be another where there are more events.
  const rows = new Map<string, Set<string>>()
  for (const { areas } of all) {
    for (const { name, target } of areas.flatMap(({ figures }) => figures)) {
      rows.set(name, (rows.get(name) ?? new Set()).add(target.replace('>=', '≥ ').replace('<=', '≤ ')))
    }
  }
  const figureIn = (name: string, results: (typeof all)[number]): Reported | undefined =>
    results.areas.flatMap(({ figures }) => figures).find((figure) => figure.name === name)
  const lines = [
    `| figure | target | ${all.map(({ events }) => millions(events)).join(' | ')} |`,
    `|---|---|${all.map(() => '---:|').join('')}`,
    ...[...rows].map(
      ([name, targets]) =>
        `| \`${name}\` | ${[...targets].join('; ')} | ${all.map((results) => cellOf(figureIn(name, results))).join(' | ')} |`,
    ),
  ]
  const machines = all.map((results) => `${millions(results.events)}: ${measuredSentence(results)}`)
  return [...lines, '', ...machines].join('\n')
}

/** Puts the table into the page, and answers it. */
export const writeTable = (): string => {
  const table = tableOf()
  writeBetween(path, 'figures: npm run bench:table', table)
  return table
}

if (import.meta.main) process.stdout.write(`${writeTable()}\n`)
