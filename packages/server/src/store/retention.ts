import { type Layer, layers, type Retention } from '../metadata/sites.ts'
import { type Kept, keptAfter, readKept, wholeFromMs, writeKept } from './kept.ts'
import type { Store } from './store.ts'

/** The tables of each layer that expire, and by which column. The ledger stays: it says of nobody more than how much there was. */
const columns: Record<Layer, Record<string, string>> = {
  bronze: { web_cookies: 'EventEnqueuedUtcTime', dead_letters: 'EventEnqueuedUtcTime' },
  silver: {
    events: 'time',
    events_by_visitor: 'time',
    sessions: 'start',
    sessions_by_visitor: 'start',
    excluded: 'time',
    final_cookies: 'timestamp',
  },
  gold: {
    traffic: 'bucket',
    // A span is kept as long as its last hour.
    traffic_spans: 'bucket + toIntervalHour(span)',
    visits: 'bucket',
    visits_spans: 'bucket + toIntervalHour(span)',
    activity: 'bucket',
    stays: 'bucket',
    moments: 'time',
  },
}

// A TTL takes no parameters. Site ids hold letters, digits, '.', '_' and '-' alone, as their schema says, and days are whole numbers.
const quoted = (site: string): string => {
  if (!/^[\w.-]+$/.test(site)) throw new Error(`'${site}' is no site id`)
  return `'${site}'`
}

const ttlOf = (column: string, days: ReadonlyMap<string, number | undefined>): string => {
  const named = [...days.keys()].filter((site) => site !== '*')
  return [...days]
    .flatMap(([site, kept]) => {
      if (kept === undefined) return []
      const isOthers = named.length > 0 ? ` WHERE site NOT IN (${named.map(quoted).join(', ')})` : ''
      const where = site === '*' ? isOthers : ` WHERE site = ${quoted(site)}`
      return [`toDateTime(${column}) + INTERVAL ${kept} DAY DELETE${where}`]
    })
    .join(', ')
}

export const isExpiring = (retention: Retention): boolean =>
  layers.some((layer) => [...retention[layer].values()].some((days) => days !== undefined))

const applyTo = async (store: Store, retention: Retention): Promise<void> => {
  for (const layer of layers) {
    for (const [table, column] of Object.entries(columns[layer])) {
      const name = `${layer}.${table}`
      const ttl = ttlOf(column, retention[layer])
      if (ttl !== '') {
        await store.execute(`ALTER TABLE ${name} MODIFY TTL ${ttl} SETTINGS materialize_ttl_after_modify = 0`)
        continue
      }
      const [now] = await store.query<{ expires: number }>(
        "SELECT match(create_table_query, '\\\\bTTL\\\\b') AS expires FROM system.tables WHERE database = {layer:String} AND name = {table:String}",
        { layer, table },
      )
      if (now?.expires) await store.execute(`ALTER TABLE ${name} REMOVE TTL`)
    }
  }
}

/** Has ClickHouse remove what is older than it is to be kept, while it merges; the first time within about four hours. */
export const applyRetention = async (store: Store, retention: Retention): Promise<void> => {
  await Promise.all(store.nodes().map((node) => applyTo(node, retention)))
}

/** As layers were last told. */
const toldIn = (kept: readonly Kept[]): Retention => {
  const of = (layer: Layer) =>
    new Map(kept.filter((each) => each.layer === layer).map((each) => [each.site, each.days]))
  return { bronze: of('bronze'), silver: of('silver'), gold: of('gold'), lake: new Map() }
}

/**
 * Between what sites say and what the tables were told, the shorter time holds: what a layer is about to let go of, or has let go of, it
 * does not hold whole.
 */
const wholeFromOf = (
  retention: Retention,
  kept: readonly Kept[],
  ...[layer, site, nowMs]: Parameters<RetentionJob['wholeFromMs']>
): number | undefined => {
  const since = [retention, toldIn(kept)].map((each) => wholeFromMs(each, kept, layer, site, nowMs) ?? 0)
  return Math.max(...since) || undefined
}

/** How long what is stored is kept, as it is now. */
export type RetentionJob = {
  current(): Retention
  /** The midnight of UTC from which a layer holds all that there was of a site; undefined is from the beginning on. */
  wholeFromMs(layer: Layer, site: string, nowMs: number): number | undefined
  /** Looks whether it is to be kept for another time than before, and has ClickHouse do so. */
  look(): Promise<void>
  stop(): void
}

const lookEveryMs = 5000

/** As a text: each layer is a map. */
const written = (retention: Retention): string =>
  JSON.stringify(Object.entries(retention).map(([layer, days]) => [layer, [...days]]))

/**
 * Sees to it that what is stored is kept as long as sites say, now and when they say something else.
 * @param read what they say, which is asked every few seconds; where it cannot be read later, what was said last goes on
 * @param alone does something unless another process is about the same, and answers whether it did
 * @throws what `read` throws the first time
 */
export const keepRetention = async (
  store: Store,
  read: () => Retention | Promise<Retention>,
  onFailure: (error: unknown) => void,
  alone: (work: () => Promise<void>) => Promise<boolean> = (work) => work().then(() => true),
): Promise<RetentionJob> => {
  let [retention, applied] = [await read(), '']
  let kept: readonly Kept[] = []
  // What has gone is remembered once no more of it goes: cut off in between, it is done anew.
  const apply = async (now: Retention): Promise<void> => {
    await applyRetention(store, now)
    await writeKept(store, keptAfter(await readKept(store), now, Date.now()))
  }
  const lookOnce = async (): Promise<void> => {
    const now = await read()
    if (written(now) !== applied && (await alone(() => apply(now)))) [retention, applied] = [now, written(now)]
    // Another process may have told the tables.
    kept = await readKept(store)
  }
  // One look after the other: tables of many parts take longer than it is until the next.
  let before: Promise<void> = Promise.resolve()
  const look = (): Promise<void> => {
    const own = before.then(lookOnce)
    before = own.catch(() => undefined)
    return own
  }
  await look()
  const looking = setInterval(() => void look().catch(onFailure), lookEveryMs)
  looking.unref()
  return {
    current: () => retention,
    wholeFromMs: (...asked) => wholeFromOf(retention, kept, ...asked),
    look,
    stop: () => clearInterval(looking),
  }
}

/** How long what is stored is kept, for a process that leaves it to others to see to it. */
export const followRetention = async (
  store: Store,
  read: () => Retention | Promise<Retention>,
  onFailure: (error: unknown) => void,
): Promise<Pick<RetentionJob, 'current' | 'wholeFromMs' | 'stop'>> => {
  let [retention, kept] = [await read(), await readKept(store)]
  const look = async (): Promise<void> => {
    ;[retention, kept] = [await read(), await readKept(store)]
  }
  const looking = setInterval(() => void look().catch(onFailure), lookEveryMs)
  looking.unref()
  return {
    current: () => retention,
    wholeFromMs: (...asked) => wholeFromOf(retention, kept, ...asked),
    stop: () => clearInterval(looking),
  }
}
