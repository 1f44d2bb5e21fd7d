import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rebuild } from '../../packages/server/src/pipeline/rebuild.ts'
import { migrate } from '../../packages/server/src/store/migrate.ts'
import type { Store } from '../../packages/server/src/store/store.ts'
import { openTestStore } from '../fixtures/store.ts'

let folder: string
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clickwatch-store-'))
  store = await openTestStore(join(folder, 'store'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const migrations = new URL('../../packages/server/src/store/migrations/', import.meta.url)
const sample = JSON.parse(
  readFileSync(new URL('../fixtures/sample-sessions.json', import.meta.url), 'utf8'),
) as object[]
const rulesOf = () => ({ inactivityMs: 1_800_000, campaignBegins: false, trustsTracker: true })
const remake = () => rebuild({ store, rulesOf, between: (work) => work(), onProgress: () => undefined })

/** The real sample as it lies in bronze, which has been the same since the first version. */
const bronzeRows = (): Buffer => {
  const agent = { browser: 'Chrome', browser_version: '', os: 'Windows', os_version: '', device: 'desktop' }
  const none = { referrer: '', source: 'Direct', channel: 'Direct', utm_source: '', utm_medium: '', utm_campaign: '' }
  const context = JSON.stringify({ received_at: Date.now(), agent, acquisition: none, ignored_fields: 0 })
  const rows = sample.map((document, index) => ({
    site: 'default',
    kind: 'session',
    document: JSON.stringify(document),
    context,
    PartitionId: 0,
    Offset: index,
    EventEnqueuedUtcTime: Date.now(),
    EventProcessedUtcTime: Date.now(),
  }))
  return Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
}

const sums = async () => {
  const [row] = await store.query<object>(
    `SELECT (SELECT sum(sign) FROM silver.events) AS events, (SELECT sum(sign) FROM silver.sessions) AS visits,
       (SELECT count() FROM silver.final_cookies) AS cookies,
       (SELECT sum(pageviews) FROM gold.traffic WHERE dimension = '') AS views,
       (SELECT sum(visits) FROM gold.visits WHERE dimension = '') AS gold_visits,
       (SELECT sum(visits) FROM gold.visits_spans WHERE dimension = '' AND span = 672) AS visits_by_span,
       (SELECT sum(events) FROM gold.activity) AS activity, (SELECT sum(sign) FROM gold.moments) AS moments,
       (SELECT sumIf(sign, is_returning) FROM silver.events) AS returning, (SELECT sumIf(sign, is_returning) FROM gold.moments) AS returning_moments`,
  )
  return row
}

describe('the migrations', () => {
  const files = readdirSync(migrations)
    .filter((file) => file.endsWith('.sql'))
    .sort()
  it.each(files.map((_, index) => index + 1))('bring the data of version %i up to this one', async (version) => {
    await store.execute('CREATE DATABASE IF NOT EXISTS clickwatch')
    await store.execute(
      "CREATE TABLE clickwatch.migrations (file String, applied_at DateTime('UTC') DEFAULT now()) ENGINE = MergeTree ORDER BY file",
    )
    for (const file of files.slice(0, version)) {
      const sql = readFileSync(new URL(file, migrations), 'utf8')
      for (const statement of sql.split(/;\s*\n/)) {
        // Of months there are none yet.
        if (statement.includes('{month:String}')) continue
        if (statement.replace(/^--.*$/gm, '').trim() !== '') await store.execute(statement)
      }
      await store.insert('clickwatch.migrations', Buffer.from(JSON.stringify({ file })), file)
    }
    await store.insert('bronze.web_cookies', bronzeRows(), 'sample')
    // From the fifth version on gold alone is made anew, of silver, whatever is left of bronze.
    if (version >= 5) {
      await remake()
      await store.execute('TRUNCATE TABLE bronze.web_cookies')
      const done = files.slice(0, version).flatMap((file) => [`${file} rebuilt`, `${file} refilled`])
      const rows = done.map((file) => JSON.stringify({ file })).join('\n')
      await store.insert('clickwatch.migrations', Buffer.from(rows), 'done')
    }
    await migrate(store, version >= 5 ? async () => expect.fail('silver is there') : remake)
    if (version >= 5) await store.insert('bronze.web_cookies', bronzeRows(), 'sample again')
    const migrated = await sums()
    expect(migrated).toMatchObject({ visits: sample.length, gold_visits: sample.length, visits_by_span: sample.length })
    // Once is enough.
    await migrate(store, async () => expect.fail('there is nothing to rebuild'))
    await remake()
    expect(await sums()).toEqual(migrated)
  })
})
