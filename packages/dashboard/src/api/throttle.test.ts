import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { throttle } from './throttle.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('acts at once, then once for everything asked in the meantime', () => {
  const act = vi.fn()
  const throttled = throttle(act, 750)
  throttled.ask()
  expect(act).toHaveBeenCalledTimes(1)
  throttled.ask()
  throttled.ask()
  expect(act).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(750)
  expect(act).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(5000)
  expect(act).toHaveBeenCalledTimes(2)
})

it('does nothing more once cancelled', () => {
  const act = vi.fn()
  const throttled = throttle(act, 750)
  throttled.ask()
  throttled.ask()
  throttled.cancel()
  vi.advanceTimersByTime(5000)
  expect(act).toHaveBeenCalledTimes(1)
})
