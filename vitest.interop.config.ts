import { defineConfig } from 'vitest/config'

// What is written for the reader follows the reader's language: the tests read American English, whoever runs them.
process.env.LC_ALL = 'en_US.UTF-8'

// What needs more than this repository's npm packages (a registry, curl, and whatever else a test says it needs), and what takes long.
export default defineConfig({
  test: {
    pool: 'forks',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['test/interop/**/*.test.ts', 'test/long/**/*.test.ts'],
          exclude: ['test/interop/image.test.ts'],
          globalSetup: './test/fixtures/install-setup.ts',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // What people set up is kept in SQLite or PostgreSQL: what is about it runs once more, over the other one.
        extends: true,
        test: {
          name: 'over PostgreSQL',
          maxWorkers: 1,
          include: [
            'packages/server/src/metadata/*.test.ts',
            'packages/server/src/api/{ideas,kept,keys,link,people,sites}.test.ts',
            'packages/server/src/out/outbox.test.ts',
          ],
          globalSetup: './test/fixtures/postgres-setup.ts',
        },
      },
      {
        // Tables are in the process or on ClickHouse nodes: what is asked of them is asked once more, of three nodes. The rest, which takes
        // long, is in vitest.nodes.config.ts.
        extends: true,
        test: {
          name: 'over ClickHouse nodes',
          maxWorkers: 1,
          include: [
            'packages/server/src/query/oracle.test.ts',
            'packages/server/src/store/console/*.test.ts',
            'packages/server/src/api/{behaviour,ideas,query}.test.ts',
          ],
          globalSetup: './test/fixtures/clickhouse-setup.ts',
        },
      },
    ],
  },
})
