import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Reported } from './figures.ts'

// What `npm run bench` has measured, a file for each number of events that it was measured over.

export type Area = { name: string; seconds: number; figures: Reported[] }
/** When, where and of what something was measured. */
export type Measured = {
  /** A day, such as 2026-11-25. */
  measured_on: string
  machine: { processors: number; model: string; memory_gb: number }
  versions: Record<string, string>
}
export type Results = Measured & { events: number; areas: Area[] }

const versionOf = (name: string): string =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version

/** Today, here, with these packages. */
export const measuredHere = (...packages: readonly string[]): Measured => ({
  measured_on: new Date().toISOString().slice(0, 10),
  machine: { processors: cpus().length, model: cpus()[0]?.model ?? '', memory_gb: Math.round(totalmem() / 1e9) },
  versions: { node: process.version, ...Object.fromEntries(packages.map((name) => [name, versionOf(name)])) },
})

/** The same as a sentence. */
export const measuredSentence = ({ measured_on, machine, versions }: Measured): string => {
  const by = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `measured on ${measured_on}, ${machine.processors} × ${machine.model}, ${machine.memory_gb} GB; ${by.join(', ')}.`
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
        .filter((name) => /^\d+\.json$/.test(name))
        .map((name) => read(join(folder, name)))
        .toSorted((one, other) => one.events - other.events)
    : []

export const writeResults = (results: Results): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(pathOf(results.events), `${JSON.stringify(results, undefined, 2)}\n`)
}
