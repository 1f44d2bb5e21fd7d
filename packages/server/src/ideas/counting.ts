/** Of which time, as whose clock and in whose money an idea is counted. */
export type Counting = {
  site: string
  timeZone: string
  /** The only one that revenue is counted in; '' where the site has not said. */
  currency: string
  fromMs: number
  nowMs: number
}
