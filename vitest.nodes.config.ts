import { defineConfig } from 'vitest/config'
import interop from './vitest.interop.config.ts'

// `npm run test:nodes`: everything about tables, over three ClickHouse nodes; what a whole ClickWatch takes in and answers, with all roles
// apart; and the container image, made and started. It takes too long for every change.
export default defineConfig({
  test: {
    ...interop.test,
    projects: [
      {
        extends: true,
        test: {
          name: 'over ClickHouse nodes',
          maxWorkers: 1,
          include: [
            'packages/server/src/store/**/*.test.ts',
            'test/long/migrations.test.ts',
            'packages/server/src/pipeline/pipeline.test.ts',
            'packages/server/src/query/**/*.test.ts',
            'packages/server/src/{api,ideas}/*.test.ts',
            'packages/server/src/out/watch.test.ts',
          ],
          globalSetup: './test/fixtures/clickhouse-setup.ts',
        },
      },
      {
        // The same files run on one machine, too, by the other configurations.
        extends: true,
        test: {
          name: 'in the cluster form',
          maxWorkers: 1,
          include: ['test/{collection,ways-in}.test.ts', 'test/long/ideas.test.ts'],
          globalSetup: './test/fixtures/cluster-setup.ts',
        },
      },
      { extends: true, test: { name: 'image', maxWorkers: 1, include: ['test/interop/image.test.ts'] } },
    ],
  },
})
