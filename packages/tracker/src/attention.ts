/** What a visitor gave a page: time in which it was visible and focused, and how far down they saw. */
export type Attention = {
  /** Milliseconds since it was last taken. */
  takeEngagedMs(): number
  /** The most of the page that was seen, in per cent. */
  depth(): number
  /** A new page: nothing of it was seen before. */
  restart(): void
}

const marks = [25, 50, 75, 100]

/** Watches scrolling and focus; calls `onMark` when a quarter of the page is reached for the first time by scrolling. */
export const watchAttention = (onMark: (depth: number) => void): Attention => {
  let engagedMs = 0
  let sinceMs = 0
  let depth = 0
  let mark = 0
  let isMeasuring = false

  const isAttentive = (): boolean => document.visibilityState === 'visible' && document.hasFocus()
  const settle = (): void => {
    const nowMs = performance.now()
    if (sinceMs) engagedMs += nowMs - sinceMs
    sinceMs = isAttentive() ? nowMs : 0
  }
  // On blur the document still has the focus.
  const leave = (): void => {
    settle()
    sinceMs = 0
  }

  const measure = (): void => {
    const { scrollHeight } = document.documentElement
    const seen = scrollHeight > 0 ? (100 * (scrollY + innerHeight)) / scrollHeight : 100
    depth = Math.max(depth, Math.min(100, Math.round(seen)))
  }
  const pass = (tell: boolean): void => {
    measure()
    const reached = marks.filter((each) => each > mark && depth >= each)
    mark = reached[reached.length - 1] ?? mark
    if (tell && reached.length) onMark(mark)
  }

  addEventListener(
    'scroll',
    () => {
      if (isMeasuring) return
      isMeasuring = true
      requestAnimationFrame(() => {
        isMeasuring = false
        pass(true)
      })
    },
    { passive: true },
  )
  addEventListener('focus', settle)
  addEventListener('blur', leave)
  document.addEventListener('visibilitychange', settle)
  settle()

  return {
    takeEngagedMs() {
      settle()
      const taken = Math.round(engagedMs)
      engagedMs = 0
      return taken
    },
    depth() {
      measure()
      return depth
    },
    restart() {
      depth = 0
      mark = 0
      pass(false)
    },
  }
}
