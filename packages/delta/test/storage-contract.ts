import { expect, it } from 'vitest'
import type { Storage } from '../src/index.ts'

/** A place of its own for each call; the same name is the same place, as another process would see it. */
export type Places = (name: string) => Storage

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (found: Uint8Array | undefined): string | undefined => found && new TextDecoder().decode(found)

const paths = async (storage: Storage, folder: string, after?: string): Promise<string[]> => {
  const found = []
  for await (const { path } of storage.list(folder, after)) found.push(path)
  return found.sort()
}

/** What every form of a storage does; a page of its listing holds fewer files than `many`. */
export const itIsAStorage = (places: Places, many: number): void => {
  it('gives back what was put, whole or a piece of it', async () => {
    const storage = places('put')
    await storage.put('a/b.txt', bytes('first'))
    await storage.put('a/b.txt', bytes('0123456789'))
    expect(text(await storage.read('a/b.txt'))).toBe('0123456789')
    expect(text(await storage.read('a/b.txt', { start: 2, end: 5 }))).toBe('234')
    expect(await storage.stat('a/b.txt')).toMatchObject({ path: 'a/b.txt', sizeBytes: 10 })
    const age = Date.now() - ((await storage.stat('a/b.txt'))?.modifiedMs ?? 0)
    expect(Math.abs(age)).toBeLessThan(60_000)
  })

  it('says that there is no file, and does not fail', async () => {
    const storage = places('none')
    expect(await storage.read('a')).toBeUndefined()
    expect(await storage.read('a', { start: 0, end: 1 })).toBeUndefined()
    expect(await storage.stat('a')).toBeUndefined()
    expect(await paths(storage, '')).toEqual([])
    await storage.delete(['a', 'b/c'])
  })

  it('writes a file once', async () => {
    const storage = places('once')
    expect(await storage.putIfAbsent('log/1', bytes('mine'))).toBe(true)
    expect(await storage.putIfAbsent('log/1', bytes('yours'))).toBe(false)
    expect(text(await storage.read('log/1'))).toBe('mine')
  })

  it('lets exactly one of many at once write a file, and keeps what that one wrote', async () => {
    for (let round = 0; round < 10; round++) {
      const writers = Array.from({ length: 12 }, (_, index) => ({ storage: places('race'), mine: `${round} ${index}` }))
      const told = await Promise.all(
        writers.map(({ storage, mine }) => storage.putIfAbsent(`log/${round}`, bytes(mine.repeat(500)))),
      )
      const winners = writers.filter((_, index) => told[index])
      expect(winners).toHaveLength(1)
      expect(text(await places('race').read(`log/${round}`))).toBe(winners[0]?.mine.repeat(500))
    }
  })

  it('lists what is below a folder, in folders too, and after a path', async () => {
    const storage = places('list')
    for (const path of ['log/1', 'log/2', 'log/2.x', 'log/3', 'logs/1', 'site=a b/é%20.parquet', 'top']) {
      await storage.put(path, bytes(path))
    }
    expect(await paths(storage, 'log')).toEqual(['log/1', 'log/2', 'log/2.x', 'log/3'])
    expect(await paths(storage, 'log', 'log/2')).toEqual(['log/2.x', 'log/3'])
    expect(await paths(storage, '')).toHaveLength(7)
    expect(text(await storage.read('site=a b/é%20.parquet'))).toBe('site=a b/é%20.parquet')
  })

  it('lists more than a page holds, and deletes as many', async () => {
    const storage = places('many')
    const names = Array.from({ length: many }, (_, index) => `log/${String(index).padStart(4, '0')}`)
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(names.slice(from, from + 50).map((name) => storage.put(name, bytes('x'))))
    }
    expect(await paths(storage, 'log')).toEqual(names)
    expect(await paths(storage, 'log', names.at(-6))).toEqual(names.slice(-5))
    await storage.delete(names.slice(1))
    expect(await paths(storage, 'log')).toEqual(['log/0000'])
  })
}
