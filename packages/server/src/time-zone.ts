/** Whether a name is an IANA time zone that this machine knows. */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // The one way to ask whether a zone is known.
    return false
  }
}
