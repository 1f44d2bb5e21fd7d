import { useSyncExternalStore } from 'react'
import { readStored } from '../storage.ts'

/** Whether the API lets this browser in, and if not, what is missing. */
export type Access = 'granted' | 'key-needed' | 'key-wrong' | 'loopback-only'

let access: Access = 'granted'
const listeners = new Set<() => void>()

const change = (next: Access): void => {
  access = next
  for (const listener of listeners) listener()
}

/** Tells what an answer of 401 or 403 means here. By its status: the answer's text is cut off when its question was withdrawn. */
export const reportDenied = (status: 401 | 403): void => {
  if (status === 401) change(readStored('clickwatch.key') ? 'key-wrong' : 'key-needed')
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
