import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reported } from './figures.ts'

// What `npm run bench` has measured, a file for each number of events that it was measured over.

export type Area = { name: string; seconds: number; figures: Reported[] }
export type Results = {
  events: number
  /** A day, such as 2026-11-25. */
  measured_on: string
  machine: { processors: number; model: string; memory_gb: number }
  versions: Record<string, string>
  areas: Area[]
}

const folder = join(import.meta.dirname, 'results')
const pathOf = (events: number): string => join(folder, `${events}.json`)
const read = (path: string): Results => JSON.parse(readFileSync(path, 'utf8')) as Results

export const readResults = (events: number): Results | undefined => {
  const path = pathOf(events)
  return existsSync(path) ? read(path) : undefined
}

/** Of all numbers of events, the fewest first. */
export const readAllResults = (): Results[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => read(join(folder, name)))
        .toSorted((one, other) => one.events - other.events)
    : []

export const writeResults = (results: Results): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(pathOf(results.events), `${JSON.stringify(results, undefined, 2)}\n`)
}
