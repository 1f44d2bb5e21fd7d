import { assign, holdoutKey, type RunningIdea } from '@clickwatch/contract/assignment'

/** What the server says of a site's ideas. */
export type GivenIdeas = {
  ideas: RunningIdea[]
  /** Of a site, or a page, whose visitors' browsers keep nothing without their consent. */
  keeps_nothing?: true
  /** Whom variants are assigned to there: it holds for a day, and is no visitor's id. */
  unit?: string
}
/** Tells that a visitor was shown an idea. */
export type TellExposure = (idea: string, variant: string) => void

const visitMs = 30 * 60_000
const memoryKey = 'clickwatch.exposed'

/** When each idea was last asked for in this visit; kept by the browser's tab where something may be kept at all. */
const openMemory = (isKept: unknown): [read: () => Record<string, number>, write: (memory: object) => void] => {
  let memory: Record<string, number> = {}
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return isKept ? act() : undefined
    } catch {
      // Blocked: the page goes on by itself.
      return undefined
    }
  }
  return [
    () => attempt(() => JSON.parse(sessionStorage.getItem(memoryKey) || '{}')) || memory,
    (next) => {
      memory = next as typeof memory
      attempt(() => sessionStorage.setItem(memoryKey, JSON.stringify(next)))
    },
  ]
}

/** The variants that somebody who tries a page out wants to see: `?clickwatch_variant=idea:variant`, as often as there are ideas. */
const wantedIn = (search: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(search).getAll('clickwatch_variant').map((each) => each.split(':')))

/**
 * A page's ideas.
 * @param unit whom variants are assigned to; undefined where nobody can be told from anybody
 */
export const openVariants = ({ ideas, unit: given }: GivenIdeas, unit: string | undefined, tell: TellExposure) => {
  const wanted = wantedIn(location.search)
  const [read, write] = openMemory(unit && unit !== given)

  const triedOut = (key: string): string | undefined => {
    const want = wanted[key]
    const variants = ideas.find((each) => each.key === key)?.variants
    return variants && (want === holdoutKey || variants.some((each) => each.key === want)) ? want : undefined
  }
  /** The variant of an idea, `holdout` among them. */
  const chosen = (key: string): string | undefined => triedOut(key) || (unit && assign(ideas, key, unit))
  /** Tells once a visit that the visitor was shown the idea, or would have been; not of who tries it out. */
  const expose = (key: string): void => {
    const variant = chosen(key)
    if (!variant || triedOut(key)) return
    const memory = read()
    const name = `${key}@${ideas.find((each) => each.key === key)?.since}`
    const nowMs = Date.now()
    if (!(nowMs - (memory[name] || 0) < visitMs)) tell(key, variant)
    write({ ...memory, [name]: nowMs })
  }
  const shown = (key: string): string | undefined => {
    const variant = chosen(key)
    return variant === holdoutKey ? undefined : variant
  }
  return {
    ideas,
    chosen,
    expose,
    /** The variant that the visitor is to be shown, told as an exposure; undefined where it is none. */
    variant: (key: string): string | undefined => {
      expose(key)
      return shown(key)
    },
    /** All of the visitor's variants by idea; tells of nothing. */
    variants: (): Record<string, string> =>
      Object.fromEntries(ideas.flatMap(({ key }) => [[key, shown(key) || '']]).filter(([, variant]) => variant)),
  }
}
export type Variants = ReturnType<typeof openVariants>
