import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionDocument } from '@clickwatch/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../packages/server/src/store/embedded.ts'
import { type ClickWatch, runCommand, startClickWatch, temporaryFolder } from '../fixtures/clickwatch.ts'
import { installSparkSubmit } from '../fixtures/delta/python.ts'
import { compareSilver } from '../fixtures/delta/silver-rows.ts'
import { odd } from '../fixtures/odd-documents.ts'
import { everythingStored, sessionDocuments } from '../fixtures/streamed.ts'

// The silver step for Spark, held against ours: one bronze table, read by two programs that share no line.

const folder = temporaryFolder()
// ClickHouse reads local Delta tables below the folder that it runs in.
process.chdir(folder)
const program = join(import.meta.dirname, '../../integrations/spark/clickwatch_silver.py')
let submit: ReturnType<typeof installSparkSubmit>
beforeAll(() => {
  submit = installSparkSubmit()
}, 900_000)
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))

const send = async (clickWatch: ClickWatch, site: string, documents: readonly SessionDocument[]): Promise<void> => {
  for (let at = 0; at < documents.length; at += 5000) {
    const part = documents.slice(at, at + 5000)
    const response = await clickWatch.post(`/v1/sessions?site=${site}`, part)
    expect([response.status, await response.json()]).toEqual([202, expect.objectContaining({ accepted: part.length })])
  }
}

/** Has a ClickWatch take in what is sent, and Spark make of its lake's bronze what it has made itself; answers how many rows the two tables have. */
const expectTheSame = async (name: string, sendAll: (clickWatch: ClickWatch) => Promise<void>) => {
  const dataFolder = join(folder, `${name}-data`)
  const [lake, ofSpark] = [join(folder, name), join(folder, `${name}-of-spark`)]
  const env = { CLICKWATCH_LAKE: lake }
  const clickWatch = await startClickWatch({ dataFolder, env })
  try {
    await sendAll(clickWatch)
    await everythingStored(clickWatch, 600_000)
    const caughtUp = runCommand(['lake', 'catch-up'], { ...env, CLICKWATCH_DATA: dataFolder })
    expect(await caughtUp.exited, caughtUp.output()).toBe(0)
  } finally {
    await clickWatch.interrupt()
  }
  const store = openEmbeddedStore(join(dataFolder, 'store'))
  try {
    await submit(program, ['--from', lake, '--to', ofSpark])
    const cookies = await compareSilver(store, ofSpark, 'final_cookies')
    const counts = await compareSilver(store, ofSpark, 'visit_count')
    for (const { columns, different } of [cookies, counts]) {
      expect(columns.theirs).toEqual(columns.ours)
      expect(different).toBe(0)
    }
    return { cookies: cookies.rows, users: counts.rows }
  } finally {
    await store.close()
  }
}

const eventsOf = (documents: readonly SessionDocument[]): number =>
  documents.reduce((sum, { events }) => sum + (events?.length ?? 0), 0)
const usersOf = (documents: readonly SessionDocument[]): number =>
  new Set(documents.filter(({ events }) => events?.length).map(({ user_id }) => user_id)).size

const sample = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/sample-sessions.json'), 'utf8'),
) as SessionDocument[]

it("Spark makes of the reference's sample what ClickWatch makes of it, row by row", async () => {
  const rows = await expectTheSame('sample', (clickWatch) => send(clickWatch, 'default', sample))
  expect(rows).toEqual({ cookies: eventsOf(sample), users: usersOf(sample) })
}, 600_000)

it('Spark makes of 100,000 documents, odd ones and repeated ones among them, what ClickWatch makes of them, row by row', async () => {
  const documents = sessionDocuments(100_000).map((document, index) =>
    index % 4 === 0 ? odd(document, index / 4) : document,
  )
  const [shop, blog, again] = [documents.slice(0, 60_000), documents.slice(60_000), documents.slice(95_000)]
  const rows = await expectTheSame('many', async (clickWatch) => {
    await send(clickWatch, 'shop', shop)
    await send(clickWatch, 'blog', [...blog, ...again])
  })
  expect(rows).toEqual({ cookies: eventsOf([...documents, ...again]), users: usersOf(shop) + usersOf(blog) })
}, 1_800_000)

it('makes the tables of one site where it is asked to, in the place of those that were there', async () => {
  const store = openEmbeddedStore(join(folder, 'sample-data/store'))
  try {
    const ofSpark = join(folder, 'sample-of-spark')
    await submit(program, ['--from', join(folder, 'sample'), '--to', ofSpark, '--site', 'elsewhere'])
    const { different } = await compareSilver(store, ofSpark, 'final_cookies')
    expect(different).toBe(eventsOf(sample))
  } finally {
    await store.close()
  }
}, 600_000)

it('leaves the lake itself alone', async () => {
  await expect(submit(program, ['--from', folder, '--to', `file:${folder}/`])).rejects.toThrow('name another place')
}, 120_000)
