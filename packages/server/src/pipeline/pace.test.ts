import { describe, expect, it } from 'vitest'
import { createPace } from './pace.ts'

/** A pipeline that does one batch after the other, and the time that passes by it. */
const pipeline = () => {
  let nowMs = 0
  const pace = createPace(() => nowMs)
  return {
    pace,
    pass: (seconds: number) => {
      nowMs += seconds * 1000
    },
    /** How many batches of so many events it does in some seconds of traffic that never ends. */
    batchesIn(seconds: number, events: number): number {
      let batches = 0
      for (const until = nowMs + seconds * 1000; nowMs < until; nowMs += pace.after(events)) batches++
      return batches
    },
  }
}

describe('the pace of a pipeline', () => {
  it('is quick where little comes now and then, and for the first half minute of a trickle', () => {
    const { pace, pass, batchesIn } = pipeline()
    for (let visit = 0; visit < 500; visit++) {
      pass(4)
      expect(pace.after(1)).toBe(200)
    }
    expect(batchesIn(30, 1)).toBe(150)
  })

  it('is steady while little comes all the time, and quick again after a pause', () => {
    const { pace, pass, batchesIn } = pipeline()
    batchesIn(60, 1)
    expect(batchesIn(600, 1)).toBeLessThanOrEqual(600 * 1.6)
    pass(40)
    for (let batch = 0; batch < 10; batch++) expect(pace.after(1)).toBe(200)
  })

  it('is quick where much comes, which does not use up what small batches may', () => {
    const { batchesIn } = pipeline()
    expect(batchesIn(600, 1000)).toBe(3000)
    expect(batchesIn(30, 999)).toBe(150)
    expect(batchesIn(600, 1000)).toBe(3000)
  })
})
