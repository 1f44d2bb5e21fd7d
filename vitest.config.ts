import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// What is written for the reader follows the reader's language: the tests read American English, whoever runs them.
process.env.LC_ALL = 'en_US.UTF-8'

const longest = [
  'query/oracle.test.ts',
  'pipeline/pipeline.test.ts',
  'test/operations.test.ts',
  'test/browser.test.ts',
  'test/settings.test.ts',
  'tracker/test/events.test.ts',
  'behaviour/funnel.test.ts',
  'tracker/test/visits.test.ts',
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
    include: ['packages/**/*.test.{ts,tsx}', 'test/*.test.ts'],
  },
})
