import { ClickWatchError } from '../errors.ts'
import type { Leases } from '../metadata/leases.ts'
import type { AllPartitions } from './leased-share.ts'
import type { Pipeline } from './pipeline.ts'

/** What may be done between batches, of one pipeline or of all. */
export type Turns = Pick<Pipeline, 'still' | 'between' | 'storeAgain'>

/** What is refused has changed nothing; after anything else something may be half done. */
const isExpected = (error: unknown): boolean => error instanceof ClickWatchError && error.status < 500

/**
 * Turns of all pipelines of a cluster: they let go of their partitions, which `pipeline` has meanwhile.
 * @param pipeline one that was not started, and whose share `all` is
 */
export const turnsOfAll = (all: AllPartitions, pipeline: Pipeline): Turns => {
  const whileStill = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await all.takeAll()
    try {
      await pipeline.settle()
      const result = await work()
      await all.letGo()
      return result
    } catch (error) {
      await (isExpected(error) ? all.letGo() : all.giveUp())
      throw error
    } finally {
      await pipeline.settle()
    }
  }
  return {
    still: (work) => whileStill(() => pipeline.still(work)),
    between: (work) => whileStill(() => pipeline.between(work)),
    storeAgain: (...what) => whileStill(() => pipeline.storeAgain(...what)),
  }
}

const operation = 'operation'
const operationMs = 60_000

/** Whether an operation was cut off and has left something half done. */
export const isCutOff = async (leases: Leases): Promise<boolean> =>
  (await leases.all()).some(({ name, isOver }) => name === operation && isOver)

/**
 * Does what only one process of a cluster may do at a time. Where it ends by dying, `isCutOff` says so until somebody has taken it up.
 * @throws {ClickWatchError} 409 busy while another does something of the kind
 */
export const exclusively = async <Result>(leases: Leases, work: () => Promise<Result>): Promise<Result> => {
  if ((await leases.take(operation, operationMs)) === undefined) {
    throw new ClickWatchError('busy', 409, 'Another operation is under way on this cluster; ask again when it is done.')
  }
  try {
    const result = await work()
    await leases.release(operation)
    return result
  } catch (error) {
    if (isExpected(error)) await leases.release(operation)
    else leases.abandon(operation)
    throw error
  }
}
