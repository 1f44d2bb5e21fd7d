import type { DeltaTable, Snapshot, TableFile } from '@clickwatch/delta'
import { ClickWatchError, messageOf } from '../errors.ts'
import type { Layer } from '../metadata/sites.ts'
import type { History, Past } from '../query/history.ts'
import type { Bounds, Parameters, Store } from '../store/store.ts'
import { asksSilver, type Both, type Column, type Days, dayOf, overBoth, type Span } from './both.ts'
import { knownStoreId, openExisting, storeProperty, valuesOf } from './ground.ts'
import type { WholeFromMs } from './keeping.ts'
import { openPlace, type Place } from './place.ts'
import { events, fileColumns, type LakeTable, nameOf, sessions } from './tables.ts'
import type { LakeTarget } from './target.ts'

// Days that the store has let go of are read from the lake's silver tables, by the files that their logs name, in the same statement
// that reads the store. docs/decisions/0055-answered-from-the-lake.md

const dayMs = 86_400_000
/** A statement may be asked with files that an erasure has removed by the time it reads them: then it is asked again. */
const maxTries = 3
/** So long what the logs said last is taken for what they say: after each answer it is looked at again. */
const freshMs = 10_000
const read = [events, sessions] as const

type Snapshots = ReadonlyMap<LakeTable, Snapshot>

const dateOf = (file: TableFile): string => valuesOf(file).date ?? ''
const ofSite = (snapshots: Snapshots, table: LakeTable, site: string): TableFile[] =>
  snapshots.get(table)?.files((values) => values.site === site) ?? []
const firstOf = (snapshots: Snapshots, site: string): string | undefined =>
  read.flatMap((table) => ofSite(snapshots, table, site).map(dateOf)).sort()[0]

/** The lake as the past of what the store holds. It is read beside whoever writes it, by connections of its own. */
export class LakeHistory implements History {
  readonly #place: Place
  readonly #store: Store
  readonly #wholeFromMs: WholeFromMs
  readonly #tables = new Map<LakeTable, DeltaTable>()
  #known: { snapshots: Snapshots; atMs: number } | undefined
  #columns: Promise<ReadonlyMap<LakeTable, readonly Column[]>> | undefined

  private constructor(place: Place, store: Store, wholeFromMs: WholeFromMs) {
    this.#place = place
    this.#store = store
    this.#wholeFromMs = wholeFromMs
  }

  /** Nothing is asked of the lake yet, which may be away. */
  static async open(target: LakeTarget, store: Store, wholeFromMs: WholeFromMs): Promise<LakeHistory> {
    return new LakeHistory(await openPlace(target), store, wholeFromMs)
  }

  close(): void {
    this.#place.close()
  }

  async pastOf(site: string, layer: Layer, range: Span, nowMs: number): Promise<Past | undefined> {
    const wholeFromMs = this.#wholeFromMs(layer, site, nowMs)
    // What happened in the range may be of visits that began the day before.
    const span = { fromMs: range.fromMs - dayMs, toMs: range.toMs }
    if (wholeFromMs === undefined || span.fromMs >= wholeFromMs) return undefined
    const to = dayOf(wholeFromMs)
    const from = firstOf(await this.#lately(to), site)
    if (from === undefined || from >= to || Date.parse(from) >= span.toMs) return undefined
    const first = [from, dayOf(range.fromMs)].toSorted().at(-1) ?? from
    const last = [to, dayOf(range.toMs + dayMs - 1)].toSorted()[0] ?? to
    return {
      days: first < last ? { from: first, to: last } : undefined,
      over: (reader) => ({
        ...reader,
        query: <Row>(sql: string, parameters: Parameters = {}, bounds?: Bounds) =>
          this.#ask<Row>(site, { from, to }, span, sql, (both, more) =>
            reader.query<Row>(both, { ...parameters, ...more }, bounds),
          ),
      }),
    }
  }

  async firstDay(site: string): Promise<string | undefined> {
    return firstOf(await this.#lately(undefined), site)
  }

  /**
   * Asks a statement of the store and of the lake's days.
   * @param answer asks what it is given
   */
  async #ask<Row>(
    site: string,
    days: Days,
    span: Span,
    sql: string,
    answer: (sql: string, parameters: Parameters) => Promise<Row[]>,
  ): Promise<Row[]> {
    if (!asksSilver(sql)) return answer(sql, {})
    for (let tries = 1; ; tries++) {
      const snapshots = await this.#lately(days.to)
      const columns = await this.#columnsOf()
      const both: Both = {
        ...{ site, days, span, place: this.#place },
        columnsOf: (table) => columns.get(table) ?? [],
        filesOf: (table, isWanted) =>
          ofSite(snapshots, table, site).flatMap((file) => (isWanted(dateOf(file)) ? file.path : [])),
      }
      const made = await overBoth(sql, both)
      const outcome = await answer(made.sql, made.parameters).then(
        (rows) => ({ rows }),
        (error: unknown) => ({ error: this.#withoutSecrets(error) }),
      )
      // A bound that was crossed, or somebody who left, is no matter of the lake's.
      if ('error' in outcome && outcome.error instanceof ClickWatchError) throw outcome.error
      const now = await this.#look(days.to)
      const areThere = made.files.every(([table, paths]) => {
        const there = new Set(ofSite(now, table, site).map(({ path }) => path))
        return paths.every((path) => there.has(path))
      })
      if ('rows' in outcome && areThere) return outcome.rows
      if ('error' in outcome && (areThere || tries === maxTries)) throw outcome.error
      if (tries === maxTries) {
        throw new ClickWatchError('lake_changing', 503, 'The lake is being written anew; ask again in a minute.')
      }
    }
  }

  /** The tables as they were some seconds ago. */
  async #lately(until: string | undefined): Promise<Snapshots> {
    const known = this.#known
    return known && performance.now() - known.atMs < freshMs ? known.snapshots : this.#look(until)
  }

  /**
   * The tables as they are now; without those that another store has written.
   * @param until the day from which on the lake is not needed, for who is told that it is away
   */
  async #look(until: string | undefined): Promise<Snapshots> {
    try {
      const id = await knownStoreId(this.#store)
      // Before the first turn of whoever writes it there is none.
      const found = await Promise.all(
        (id === undefined ? [] : read).map(async (table) => [table, await this.#latest(table)] as const),
      )
      const snapshots = new Map(found.filter(([, { properties }]) => properties[storeProperty] === id))
      this.#known = { snapshots, atMs: performance.now() }
      return snapshots
    } catch (error) {
      const reason = this.#place.withoutSecrets(messageOf(error))
      const earlier = until === undefined ? 'Earlier days are' : `Days before ${until} are`
      throw new ClickWatchError(
        'lake_away',
        503,
        `${earlier} in the lake ${this.#place.name} alone, which is away (${reason}); ask ${until === undefined ? '' : `from ${until} on, or `}again later.`,
      )
    }
  }

  async #latest(table: LakeTable): Promise<Snapshot> {
    const open = this.#tables.get(table)
    if (open) return open.latest()
    const delta = await openExisting({ place: this.#place }, table)
    this.#tables.set(table, delta)
    return delta.known
  }

  /** The columns of each table that the store has, too, by the types that they have there. */
  #columnsOf(): Promise<ReadonlyMap<LakeTable, readonly Column[]>> {
    const columnsOf = async (table: LakeTable) => {
      const inFiles = new Set(fileColumns(table).map(({ name }) => name))
      const stored = await this.#store.query<Column>(
        "SELECT name, type FROM system.columns WHERE database || '.' || table = {table:String} ORDER BY position",
        { table: nameOf(table) },
      )
      return [table, stored.filter(({ name }) => inFiles.has(name))] as const
    }
    this.#columns ??= Promise.all(read.map(columnsOf)).then(
      (all) => new Map(all),
      (error: unknown) => {
        this.#columns = undefined
        throw error
      },
    )
    return this.#columns
  }

  /** Neither are they in the cause. */
  #withoutSecrets(error: unknown): Error {
    const sentence = this.#place.withoutSecrets(messageOf(error))
    if (!(error instanceof ClickWatchError)) return new Error(sentence)
    return new ClickWatchError(
      error.code,
      error.status,
      sentence,
      error.field === undefined ? {} : { field: error.field },
    )
  }
}
