import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured } from '../results.ts'
import type { Load } from './load.ts'

// What `npm run bench:scale` has measured, for docs/scale.md.

/** One load over the distributed form. */
export type ApartLoad = Load & {
  shards: number
  pipelines: number
  /** What PostgreSQL writes ahead, an event. */
  database_bytes_per_event: number
  /** Into the tables of all shards. */
  inserts_per_million: number
  /** Into the tables of one shard. */
  inserts_per_batch: number
}

/** What opening the dashboard takes, every question at once, as its median in milliseconds. */
export type Questions = {
  shards: number
  /** From roll-ups. */
  open_ms: number
  /** With a filter. */
  filtered_ms: number
  /** From whole rows of events and visits. */
  whole_rows_ms: number
  /** Of processors of all nodes, for one opening from roll-ups. */
  open_processor_ms: number
}

export type ScaleResults = Measured & {
  /** Of each load. */
  events: number
  /** Of the site that is asked about. */
  asked_events: number
  /** Of all layers, on the disk of all nodes. */
  table_bytes_per_event: number
  embedded: Load
  apart: ApartLoad[]
  questions: Questions[]
}

const path = join(import.meta.dirname, '../results/scale.json')

export const readScale = (): ScaleResults => JSON.parse(readFileSync(path, 'utf8')) as ScaleResults

export const writeScale = (results: ScaleResults): void => {
  const short = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)
  writeFileSync(path, `${JSON.stringify(results, short, 2)}\n`)
}
