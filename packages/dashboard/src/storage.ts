// A browser may deny storage to a page that is embedded in another's; the page goes on without it.

/** What this browser keeps under a name; null where it keeps nothing, or denies. */
export const readStored = (name: string): string | null => {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

/** Keeps a value in this browser, where it may be kept. */
export const store = (name: string, value: string): void => {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Denied, or full: it holds until the page is left.
  }
}
