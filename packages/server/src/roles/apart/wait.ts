import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../../errors.ts'
import type { Positions } from '../../pipeline/positions.ts'
import { isMigrated } from '../../store/migrate.ts'
import type { Store } from '../../store/store.ts'
import { inOrderEveryMs } from './in-order.ts'

const tablesLimitMs = 120_000

/** Waits for the first pipeline, which makes the tables and looks how many partitions there are. */
export const waitForPipeline = async (store: Store, open: () => Promise<Positions>): Promise<Positions> => {
  const until = performance.now() + tablesLimitMs
  for (;;) {
    const positions = await open()
    if (positions.partitions > 0 && (await isMigrated(store))) return positions
    if (performance.now() > until) {
      throw new StartError('There are no tables yet, or those of an older version: start clickwatch pipeline first.')
    }
    await sleep(inOrderEveryMs)
  }
}
