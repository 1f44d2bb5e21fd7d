import { describe, expect, it } from 'vitest'
import { runChaos } from '../fixtures/chaos.ts'

describe('under load, with processes killed and paused at random', () => {
  // The whole of it is npm run test:chaos.
  it('no acknowledged event is lost, and none counts twice', async () => {
    const result = await runChaos({ kills: 8, seed: 7 })
    expect(result).toMatchObject({ lost: 0, doubled: 0 })
    expect(result.acknowledged).toBeGreaterThan(200)
  })
})
