/** Calls `work` at once, and then at most every `milliseconds` for as long as it is asked for; the last asking is never lost. */
export const throttle = (work: () => void, milliseconds: number) => {
  let lastMs = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  const run = () => {
    timer = undefined
    lastMs = performance.now()
    work()
  }
  return {
    ask() {
      if (timer !== undefined) return
      const waitMs = lastMs + milliseconds - performance.now()
      if (waitMs <= 0) run()
      else timer = setTimeout(run, waitMs)
    },
    cancel() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
