import { useSyncExternalStore } from 'react'

/** Whether the API lets this browser in. */
export type Access = 'granted' | 'needed'

/** The identity provider has led back here, and whom it vouches for has no account. Read before the router forgets it. */
export const wasRefusedElsewhere = new URLSearchParams(globalThis.location?.search).has('error')

let access: Access = 'granted'
const listeners = new Set<() => void>()

const change = (next: Access): void => {
  access = next
  for (const listener of listeners) listener()
}

/** An answer of 401 has said that nobody is known to be here. */
export const reportDenied = (): void => change('needed')

export const retryAccess = (): void => change('granted')

export const useAccess = (): Access =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => access,
  )
