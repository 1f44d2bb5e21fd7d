import { LRUCache } from 'lru-cache'
import type { Stratum } from './counts.ts'

/** A row of `strataSql`. */
export type NamedStratum = { stratum: number } & Pick<Stratum, 'source' | 'device' | 'country'>

type StratumName = Omit<NamedStratum, 'stratum'>
const unnamed: StratumName = { source: '', device: '', country: '' }
/** What strata are the hash of, which is the same for ever: asking takes a pass over all exposures. */
const remembered = new LRUCache<number, StratumName>({ max: 50_000 })

/** The names of strata, asked for where one is not known. */
export const named = async (
  strata: readonly number[],
  ask: () => Promise<NamedStratum[]>,
): Promise<(stratum: number) => StratumName> => {
  if (strata.every((stratum) => remembered.has(stratum))) return (stratum) => remembered.get(stratum) ?? unnamed
  const all = new Map((await ask()).map(({ stratum, ...name }) => [stratum, name]))
  for (const [stratum, name] of all) remembered.set(stratum, name)
  return (stratum) => all.get(stratum) ?? unnamed
}
