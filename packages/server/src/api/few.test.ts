import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { mapFewAtOnce } from './few.ts'

it('works on a few at once, and answers in their order', async () => {
  let underWay = 0
  const seen: number[] = []
  const doubled = await mapFewAtOnce([30, 1, 20, 1, 5], 2, async (ms) => {
    seen.push(++underWay)
    await sleep(ms)
    underWay--
    return 2 * ms
  })
  expect(doubled).toEqual([60, 2, 40, 2, 10])
  expect(Math.max(...seen)).toBe(2)
  expect(await mapFewAtOnce([], 2, async () => 1)).toEqual([])
})

it('begins no more once one has failed', async () => {
  const begun: number[] = []
  const work = async (item: number) => {
    begun.push(item)
    if (item === 1) throw new Error('no 1')
    await sleep(5)
  }
  await expect(mapFewAtOnce([1, 2, 3, 4], 2, work)).rejects.toThrow('no 1')
  await sleep(30)
  expect(begun).toEqual([1, 2])
})
