/** The least time from the start of a batch to that of the next: fewer, larger inserts cost ClickHouse less, and a second is still far. */
export const quickMs = 200
/** The same, while a little comes in all the time; an open dashboard asks again every two seconds then. */
export const steadyMs = 750
/** A batch of so many events costs more for them than for being a batch. */
export const largeEvents = 1000
/** So many small batches may be quick before the pace is steady. */
const mostQuick = 150
/** How long it takes until one more may be. */
const refillMs = 4000

/**
 * How soon after the start of a batch the next may begin. A batch costs about a tenth of a second of a processor, however little is in
 * it. So what comes now and then is stored at once, and what trickles in all day is stored together. A bucket of tokens.
 * @param clock milliseconds that only rise
 */
export const createPace = (clock: () => number = () => performance.now()) => {
  let quick = mostQuick
  let filledAt = clock()
  return {
    /** Milliseconds from the start of a batch that had so many events to the start of the next. */
    after(events: number): number {
      const now = clock()
      quick = Math.min(mostQuick, quick + (now - filledAt) / refillMs)
      filledAt = now
      if (events >= largeEvents) return quickMs
      if (quick < 1) return steadyMs
      quick--
      return quickMs
    },
  }
}
