import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// What is written for the reader follows the reader's language: the tests read American English, whoever runs them.
process.env.LC_ALL = 'en_US.UTF-8'

const longest = [
  'query/oracle.test.ts',
  'test/behaviour-screens.test.ts',
  'test/dashboard-screens.test.ts',
  'test/accessibility.test.ts',
  'pipeline/pipeline.test.ts',
  'test/operations.test.ts',
  'test/browser.test.ts',
  'test/settings.test.ts',
  'test/postgres.test.ts',
  'test/chaos.test.ts',
  'tracker/test/events.test.ts',
  'behaviour/funnel.test.ts',
  'tracker/test/visits.test.ts',
  'store/store.test.ts',
  'test/demo.test.ts',
]

/** What takes longest begins first, so that none is left with it when all others are done. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((name) => moduleId.endsWith(name))
      return place < 0 ? longest.length : place
    }
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other))
  }
}

export default defineConfig({
  test: {
    // ClickHouse in the process wants a main thread of its own, which a worker thread is not.
    pool: 'forks',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // One more than the smallest machine has cores: many tests wait for a browser or a process.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'tests', include: ['packages/**/*.test.{ts,tsx}', 'test/*.test.ts'] } },
      {
        // What people set up is kept in SQLite or PostgreSQL: what is about it runs once more, over the other one.
        extends: true,
        test: {
          name: 'over PostgreSQL',
          include: [
            'packages/server/src/metadata/*.test.ts',
            'packages/server/src/api/{kept,link}.test.ts',
            'packages/server/src/out/outbox.test.ts',
          ],
          globalSetup: './test/fixtures/postgres-setup.ts',
        },
      },
    ],
  },
})
