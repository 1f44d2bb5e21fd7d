import type { Command, Commands, EventDetails, Options } from './options.ts'
import { start } from './start.ts'

// The tracker as a package. It does nothing until `init`, and nothing at all where there is no browser.

export type { EventDetails, Options }

let command: Command | undefined
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
  for (const tell of waiting) tell(command)
  waiting = []
}

/** Tells of an event of the page's own, such as event('Signup', { props: { plan: 'pro' } }). */
export const event = (...given: Commands['event']): void => say((to) => to('event', ...given))

/** Says who is signed in, by the site's own id, of which only a hash is kept; null when nobody is any more. */
export const identify = (id: string | null): void => say((to) => to('identify', id))

/** Passes on the visitor's answer, for `identity: 'consent'`. */
export const consent = (isGiven: boolean): void => say((to) => to('consent', isGiven))
