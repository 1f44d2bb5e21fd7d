import { setTimeout as sleep } from 'node:timers/promises'
import type { Pipeline } from '../packages/server/src/pipeline/pipeline.ts'

/** Resolves when everything that is in its stream is stored. */
export const untilAllStored = async (pipeline: Pipeline): Promise<void> => {
  while ([...pipeline.lags.values()].some((lag) => lag > 0)) await sleep(5)
}
