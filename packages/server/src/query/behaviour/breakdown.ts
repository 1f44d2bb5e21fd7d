import { dimensions } from '@clickwatch/contract'
import { invalidField } from '../../errors.ts'
import { Bound } from '../bound.ts'
import { columnsOf } from '../dimensions.ts'

/** The dimensions of a visit that every event of it carries. */
const carried = dimensions.filter(
  (dimension) =>
    dimension.startsWith('visit:') && columnsOf(dimension as 'visit:source', new Bound()).events !== undefined,
)

/**
 * SQL of the value of a visit's dimension, over columns of its events.
 * @throws {ClickWatchError} 400 when it is none
 */
export const breakdownOf = (dimension: string | undefined): string | undefined => {
  if (dimension === undefined) return undefined
  const known = carried.find((each) => each === dimension)
  if (known === undefined) throw invalidField('breakdown', `is expected to be one of ${carried.join(', ')}`)
  return columnsOf(known as 'visit:source', new Bound()).events
}
