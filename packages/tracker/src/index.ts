import { loadVariants } from './load.ts'
import type { Command, Commands, EventDetails, Options } from './options.ts'
import { start } from './start.ts'
import type { Variants } from './variants.ts'

// The tracker as a package. It does nothing until `init`, and nothing at all where there is no browser.

export type { EventDetails, Options }

let command: Command | undefined
let optionsGiven: (options: Options) => void
const started = new Promise<Options>((resolve) => {
  optionsGiven = resolve
})
let loading: Promise<Variants> | undefined
/** What was said before `init`: the parts of a page start in any order. */
let waiting: ((command: Command) => void)[] = []

const say = (tell: (command: Command) => void): void => {
  if (command) tell(command)
  else if (typeof window !== 'undefined') waiting.push(tell)
}

/** Starts tracking the page. A second call changes nothing. */
export const init = (options: Options): void => {
  if (command || typeof window === 'undefined') return
  command = start(options)
  optionsGiven(options)
  for (const tell of waiting) tell(command)
  waiting = []
}

/** Tells of an event of the page's own, such as event('Signup', { props: { plan: 'pro' } }). */
export const event = (...given: Commands['event']): void => say((to) => to('event', ...given))

/** Says who is signed in, by the site's own id, of which only a hash is kept; null when nobody is any more. */
export const identify = (id: string | null): void => say((to) => to('identify', id))

/** Passes on the visitor's answer, for `identity: 'consent'`. */
export const consent = (isGiven: boolean): void => say((to) => to('consent', isGiven))

/**
 * The variant of an idea that the visitor is to be shown; undefined where it is none, and where the ideas cannot be had. Asking for it
 * is told, once a visit, as an exposure: ask where the idea is shown. Waits for `init`. Where there is no browser it is none: there,
 * `@clickwatch/node` assigns.
 */
export const variant = async (idea: string): Promise<string | undefined> => {
  if (typeof window === 'undefined') return undefined
  const options = await started
  loading ??= loadVariants(options, (key, shown) =>
    event('exposure', { props: { idea: key, variant: shown }, interactive: false }),
  )
  return (await loading).variant(idea)
}
