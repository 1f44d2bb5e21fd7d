type Items = Record<string, string>

const memory: Items = {}
let items = memory

export const readItem = (key: string): string => items[`clickwatch.${key}`] || ''

/**
 * Remembers a text; '' forgets it.
 * @returns false when there is no room; then what was there stays
 */
export const writeItem = (key: string, value: string): boolean => {
  try {
    items[`clickwatch.${key}`] = value
    return true
  } catch {
    return false
  }
}

/** Whether the browser remembers, beyond this page. */
export const isStoring = (): boolean => items !== memory

/** Lets the browser remember what this page does, where that is not blocked. */
export const openStorage = (): void => {
  try {
    items = Object.assign(localStorage, memory)
  } catch {
    // Blocked.
  }
}

/** Makes the browser forget, and remember nothing any more. */
export const closeStorage = (): void => {
  for (const key of ['visitor', 'session', 'consent', 'queue']) delete items[`clickwatch.${key}`]
  items = memory
}
