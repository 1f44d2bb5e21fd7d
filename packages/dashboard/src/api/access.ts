import { useSyncExternalStore } from 'react'

/** Whether the API lets this browser in, and if not, what is missing. */
export type Access = 'granted' | 'key-needed' | 'key-wrong' | 'loopback-only'

let access: Access = 'granted'
const listeners = new Set<() => void>()

const change = (next: Access): void => {
  access = next
  for (const listener of listeners) listener()
}

export const reportDenied = (code: string): void => {
  if (code === 'unauthorized') change(localStorage.getItem('clickwatch.key') ? 'key-wrong' : 'key-needed')
  else change('loopback-only')
}

export const retryAccess = (): void => change('granted')

export const useAccess = (): Access =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => access,
  )
