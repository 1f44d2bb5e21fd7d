// Storage may be blocked, or full; then this page remembers for itself.
const remembered: Record<string, string> = {}

export const readItem = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return remembered[key] ?? null
  }
}

export const writeItem = (key: string, value: string): void => {
  remembered[key] = value
  try {
    localStorage.setItem(key, value)
  } catch {
    // Remembered above.
  }
}
