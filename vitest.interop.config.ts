import { defineConfig } from 'vitest/config'

// What needs more than this repository's npm packages (a registry, curl, and whatever else a test says it needs), and what takes long.
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts', 'test/long/**/*.test.ts'],
    pool: 'forks',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
