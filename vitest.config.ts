import { defineConfig } from 'vitest/config'

// What is written for the reader follows the reader's language: the tests read American English, whoever runs them.
process.env.LC_ALL = 'en_US.UTF-8'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.{ts,tsx}', 'test/*.test.ts'],
    // ClickHouse in the process wants a main thread of its own, which a worker thread is not.
    pool: 'forks',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
