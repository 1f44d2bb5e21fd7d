type Items = Record<string, string>

const memory: Items = {}
let items = memory

export const readItem = (key: string): string => items[`clickwatch.${key}`] || ''

/**
 * Remembers a text; '' forgets it. Where there is no room for who it is, the page goes on by itself.
 * @returns nothing when there is no room for the queue; then what was there stays
 */
export const writeItem = (key: string, value: string): unknown => {
  try {
    items[`clickwatch.${key}`] = value
    return true
  } catch {
    if (key === 'queue') return
    items = memory
    writeItem(key, value)
  }
}

/** Whether the browser remembers, beyond this page. */
export const isStoring = (): boolean => items !== memory

/** What the browser remembers already, where nothing may be opened yet. */
export const peekItem = (key: string): string => {
  try {
    return localStorage[`clickwatch.${key}`] || ''
  } catch {
    // Blocked.
    return ''
  }
}

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
  for (const key of 'queue visitor session consent'.split(' ')) delete items[`clickwatch.${key}`]
  items = memory
}
