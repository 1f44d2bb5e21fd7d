/** Clock and timers, given so that tests can hold them. */
export type Timers = {
  now(): number
  setTimeout(work: () => void, milliseconds: number): unknown
  clearTimeout(timer: unknown): void
}

const browserTimers: Timers = {
  now: () => performance.now(),
  setTimeout: (work, milliseconds) => setTimeout(work, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as number),
}

/** Calls `work` at once, and then at most every `milliseconds` for as long as it is asked for; the last asking is never lost. */
export const throttle = (work: () => void, milliseconds: number, timers: Timers = browserTimers) => {
  let lastMs = Number.NEGATIVE_INFINITY
  let timer: unknown
  const run = () => {
    timer = undefined
    lastMs = timers.now()
    work()
  }
  return {
    ask() {
      if (timer !== undefined) return
      const waitMs = lastMs + milliseconds - timers.now()
      if (waitMs <= 0) run()
      else timer = timers.setTimeout(run, waitMs)
    },
    cancel() {
      if (timer !== undefined) timers.clearTimeout(timer)
      timer = undefined
    },
  }
}
