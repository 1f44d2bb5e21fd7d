import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { localPlaces } from './places.ts'
import { itIsAStorage } from './storage-contract.ts'
import { itIsATable } from './table-contract.ts'

const places = localPlaces()

describe('a folder on disk', () => {
  itIsAStorage(places, 100)

  it('leaves nothing beside what was written', async () => {
    const storage = places('clean')
    await storage.put('a', new Uint8Array(3))
    await storage.putIfAbsent('a', new Uint8Array(3))
    await storage.putIfAbsent('b', new Uint8Array(3))
    expect(readdirSync(storage.root)).toEqual(['a', 'b'])
  })

  it('writes and reads nothing outside of its folder', async () => {
    const storage = places('inside')
    for (const path of ['../a', '/etc/hostname', 'a/../../b']) {
      await expect(storage.read(path)).rejects.toThrow('not below the table')
      await expect(storage.put(path, new Uint8Array(1))).rejects.toThrow('not below the table')
    }
  })
})

describe('a table on disk', () => itIsATable(places))
