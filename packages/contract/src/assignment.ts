// Who sees which variant of an idea: the same wherever it is asked, in a browser, on a server, in another language (docs/ideas.md has
// the steps and test vectors). It imports nothing, so that it comes to nothing in the scripts it is put into.

/** A variant as pages know it. */
export type RunningVariant = {
  key: string
  weight: number
  /** Where its visitors are sent. */
  url?: string
  changes?: { selector: string; text?: string; hidden?: boolean }[]
}
/** An idea with variants, as pages know it while it runs. */
export type RunningIdea = {
  key: string
  /** When its count began; exposures of before are of another count. */
  since: number
  variants: RunningVariant[]
  holdout?: number
  /** A visitor takes part in one idea of a group alone. */
  group?: string
  /** Whether whoever asks is not of those it is meant for. */
  is_outside?: true
}

// Of every browser and server of the last years, and of the types of neither.
declare const TextEncoder: new () => { encode(text: string): Iterable<number> }

/** Its name among variants: who sees none, and is counted all the same. */
export const holdoutKey = 'holdout'

/**
 * A number from 0 to below 1 that a text always comes to, and that looks like chance: FNV-1a of its UTF-8, 32 bits, whose bits are
 * then mixed as MurmurHash3 does (fmix32), over 2^32.
 */
export const positionOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** Whether a unit takes part in this one of the ideas of its group: that of the highest position. */
const isOfGroup = ({ key, group }: RunningIdea, ideas: readonly RunningIdea[], unit: string): boolean => {
  const place = (idea: string): number => positionOf(`${group}/${idea}:${unit}`)
  return group === undefined || !ideas.some((other) => other.group === group && place(other.key) > place(key))
}

/**
 * The variant of an idea that a unit, such as a visitor's id, sees; `holdout` where it is to see none and be counted; undefined where
 * it takes no part.
 * @param ideas all that run, since those of a group exclude each other
 */
export const assign = (ideas: readonly RunningIdea[], key: string, unit: string): string | undefined => {
  const idea = ideas.find((each) => each.key === key)
  if (!idea || idea.is_outside || !isOfGroup(idea, ideas, unit)) return undefined
  const { variants, holdout = 0 } = idea
  const position = positionOf(`${key}:${unit}`)
  if (position < holdout) return holdoutKey
  let left = ((position - holdout) / (1 - holdout)) * variants.reduce((sum, { weight }) => sum + weight, 0)
  for (const variant of variants) {
    left -= variant.weight
    if (left < 0) return variant.key
  }
  // What rounding leaves over.
  return variants[variants.length - 1]?.key
}
