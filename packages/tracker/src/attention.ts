import { listen } from './element.ts'

// What a visitor gives a page: time in which it is visible and focused and they are there, and how far down they see.

/** Who does nothing for so long is not there any more. */
const idleMs = 60_000
const quarter = 25

let spentMs = 0
/** When the time began that is not counted yet; it has not begun while nobody looks. */
let sinceMs = Infinity
let activeMs = 0
let depth = 0
let mark = 0

/** Milliseconds of attention since they were last taken. */
export const engagedMs = (isTaken?: boolean): number => {
  const nowMs = performance.now()
  spentMs += Math.max(0, Math.min(nowMs, activeMs + idleMs) - sinceMs)
  sinceMs = document.hidden || !document.hasFocus() ? Infinity : nowMs
  const engaged = Math.round(spentMs)
  if (isTaken) spentMs = 0
  return engaged
}

const act = (): void => {
  engagedMs()
  activeMs = performance.now()
}

/** The most of the page that was seen, in per cent. */
export const depthSeen = (): number => {
  const seen = (100 * (scrollY + innerHeight)) / document.documentElement.scrollHeight
  depth = Math.max(depth, Math.min(100, Math.round(seen)))
  return depth
}

/** A new page: nothing of it was seen before. */
export const restart = (): void => {
  depth = 0
  mark = depthSeen()
}

/** Watches scrolling and focus; calls `onMark` when a quarter of the page is reached for the first time by scrolling. */
export const watchAttention = (onMark: (depth: number) => void): void => {
  // A browser tells of scrolling once a frame.
  listen('scroll', () => {
    const reached = depthSeen() - (depth % quarter)
    if (reached <= mark) return
    mark = reached
    onMark(mark)
  })
  const signs = 'scroll pointermove pointerdown keydown focus blur visibilitychange'
  for (const name of signs.split(' ')) listen(name as 'scroll', act)
  // While the focus goes, the document still has it; where it goes to a frame of the page, the document keeps it.
  listen('blur', () => setTimeout(engagedMs))
  act()
}
