import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { NewIdea } from '@clickwatch/contract'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../../../test/fixtures/clickwatch.ts'
import { metadataFile, openMetadata } from './database.ts'
import { ideasOf } from './ideas.ts'
import { openIdeasReader } from './ideas-reader.ts'
import { interestedOf } from './interested.ts'

const folder = temporaryFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const door: NewIdea = {
  name: 'Gift cards',
  key: 'gift-cards',
  hypothesis: 'Who sees the button wants one',
  template: 'fake_door',
  ladder: [
    { grade: 'seen', rule: { type: 'page', path: '/gifts' } },
    { grade: 'click', rule: { type: 'element', element: 'buy', action: 'click' } },
  ],
  bar: { grade: 'click', rate: 0.04 },
  budget: { visitors: 5000 },
}

describe('ideas that the collector reads', () => {
  it('are none where the database lets everybody wait, without waiting for it', async () => {
    const sockets = new Set<Socket>()
    const mute = createServer((socket) => void sockets.add(socket))
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as { port: number }
    const url = `postgres://someone@127.0.0.1:${port}/metadata`
    const errors: unknown[] = []
    const reader = openIdeasReader({ folder, url, onLost: () => undefined }, (error) => errors.push(error))
    try {
      expect(await reader.of('shop')).toEqual([])
      expect(await reader.of('shop')).toEqual([])
      const leaving = reader.leaveAddress('any', 'a@example.org')
      await expect(leaving).rejects.toMatchObject({ code: 'database_away', status: 503 })
      // Neither has had an answer from there, nor has the connection been given up.
      expect(errors).toEqual([])
    } finally {
      for (const socket of sockets) socket.destroy()
      mute.close()
      await reader.close()
    }
  })

  it('are what they last were while others are read, and one who leaves an address that cannot be kept now is told, not left waiting', async () => {
    const own = join(folder, 'busy')
    mkdirSync(own)
    const place = { folder: own, url: undefined, onLost: () => undefined }
    const metadata = await openMetadata(place)
    const { id } = await ideasOf(metadata).add('shop', door)
    const reader = openIdeasReader(place, (error) => {
      throw error
    })
    expect(await reader.of('shop')).toMatchObject([{ name: 'Gift cards' }])
    await ideasOf(metadata).change('shop', id, { ...door, name: 'Gifts' })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    expect(await reader.of('shop')).toMatchObject([{ name: 'Gift cards' }])
    await vi.waitFor(async () => expect(await reader.of('shop')).toMatchObject([{ name: 'Gifts' }]))
    vi.useRealTimers()

    const other = new DatabaseSync(join(own, metadataFile))
    other.exec('BEGIN IMMEDIATE')
    const leaving = () => reader.leaveAddress(id, 'a@example.org')
    await expect(leaving()).rejects.toMatchObject({ code: 'database_away', status: 503 })
    other.exec('COMMIT')
    other.close()
    await leaving()
    expect(await interestedOf(metadata).list(id)).toMatchObject([{ address: 'a@example.org' }])
    await reader.close()
    await metadata.destroy()
  })
})
