import { visitorId } from './identity.ts'
import { peekItem } from './storage.ts'
import type { GivenIdeas } from './variants.ts'

/** Whether the browser may keep who its visitor is: where the server says that it keeps nothing, once there is consent. */
export const mayKeep = ({ keeps_nothing }: GivenIdeas): boolean => !(keeps_nothing && !peekItem('consent'))

/**
 * Whom variants are assigned to: the visitor's id, or, where none may be kept, whom the server names.
 * @param isLeftAlone nobody then: who is not tracked takes part in nothing
 */
export const unitOf = (given: GivenIdeas, isLeftAlone: unknown): string | undefined =>
  isLeftAlone ? undefined : (mayKeep(given) ? visitorId() : '') || given.unit
