import { randomUUID } from 'node:crypto'
import { daysKept, type Layer, layers, type Retention } from '../metadata/sites.ts'
import type { Store } from './store.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What a layer was last told of a site, or of '*', and since when it holds all that there was, in milliseconds since 1970. */
export type Kept = { layer: Layer; site: string; days: number | undefined; wholeFromMs: number }

/** The first midnight of UTC of which nothing goes that is kept for so many days; nor while a question is asked, by a clock that is ahead. */
const midnightKept = (days: number, nowMs: number): number => Math.ceil((nowMs + hourMs - days * dayMs) / dayMs) * dayMs

const ofLayer = (kept: readonly Kept[], layer: Layer): Map<string, Kept> =>
  new Map(kept.filter((each) => each.layer === layer).map((each) => [each.site, each]))

/** What is known to be whole of a site: what is true of all others was true of it before it was named. */
const knownFromMs = (of: ReadonlyMap<string, Kept>, site: string): number =>
  Math.max(of.get(site)?.wholeFromMs ?? 0, of.get('*')?.wholeFromMs ?? 0)

/**
 * The midnight of UTC from which a layer holds all that there was of a site; undefined is from the beginning on. What was to go before it may be
 * there still, in parts that were not merged since.
 */
export const wholeFromMs = (
  retention: Retention,
  kept: readonly Kept[],
  layer: Layer,
  site: string,
  nowMs: number,
): number | undefined => {
  const days = daysKept(retention[layer], site)
  const known = knownFromMs(ofLayer(kept, layer), site)
  const fromMs = days === undefined ? known : Math.max(known, midnightKept(days, nowMs))
  return fromMs > 0 ? fromMs : undefined
}

/** What is to be remembered once layers are told to keep sites as `retention` says: what went before stays away. */
export const keptAfter = (before: readonly Kept[], retention: Retention, nowMs: number): Kept[] =>
  layers.flatMap((layer) => {
    const of = ofLayer(before, layer)
    const daysBefore = new Map([...of].map(([site, { days }]) => [site, days]))
    return [...new Set(['*', ...of.keys(), ...retention[layer].keys()])].map((site): Kept => {
      const days = daysKept(retention[layer], site)
      const was = daysKept(daysBefore, site)
      const isMore = was !== undefined && (days === undefined || days > was)
      const known = knownFromMs(of, site)
      return { layer, site, days, wholeFromMs: isMore ? Math.max(known, midnightKept(was, nowMs)) : known }
    })
  })

export const readKept = async (store: Store): Promise<Kept[]> => {
  const rows = await store.query<{ layer: Layer; site: string; days: number | null; whole_from: number }>(
    'SELECT layer, site, days, toUnixTimestamp(whole_from) AS whole_from FROM clickwatch.kept FINAL',
  )
  return rows.map(({ layer, site, days, whole_from }) => ({
    ...{ layer, site },
    days: days ?? undefined,
    wholeFromMs: whole_from * 1000,
  }))
}

export const writeKept = (store: Store, kept: readonly Kept[]): Promise<void> =>
  store.insert(
    'clickwatch.kept',
    Buffer.from(
      kept
        .map(({ layer, site, days, wholeFromMs }) =>
          JSON.stringify({ layer, site, days: days ?? null, whole_from: wholeFromMs / 1000 }),
        )
        .join('\n'),
    ),
    randomUUID(),
  )
