import type { TrackerBatch, TrackerEvent } from '@clickwatch/contract'
import type { Delivery, Intake, Sender, Taken } from './intake.ts'
import { requireAny, type Sorted } from './sort.ts'

type Batch = Omit<TrackerBatch, 'site' | 'events'>

/** One event, in whatever way it came in, and whose it was. */
export type Arrival = {
  site: string
  whose: { [Field in keyof Batch]?: Batch[Field] | undefined }
  event: TrackerEvent
  sender: Sender
  /** How many fields it had that are not known here. */
  ignoredFields?: number
}

/** Puts together what is of one visit through one browser. */
export const deliveriesOf = (arrivals: readonly Arrival[]): Delivery[] => {
  const deliveries = new Map<string, Delivery>()
  for (const { site, whose, event, sender, ignoredFields = 0 } of arrivals) {
    // As text, what is undefined is left out of it.
    const batch = JSON.stringify(whose)
    const key = [site, sender.address, sender.headers['user-agent'], batch].join('\n')
    const delivery = deliveries.get(key)
    if (delivery) {
      delivery.batch.events.push(event)
      delivery.ignoredFields += ignoredFields
    } else {
      deliveries.set(key, { site, sender, batch: { ...(JSON.parse(batch) as Batch), events: [event] }, ignoredFields })
    }
  }
  return [...deliveries.values()]
}

/**
 * Takes in what was good of a request, and keeps what was not.
 * @param path where in the request its events are, for example 'events'; '' for the request itself
 * @throws {ClickWatchError} 400 when nothing was good, and what `Intake` throws
 */
export const receive = (take: Intake, sorted: Sorted<Arrival>, path: string): Promise<Taken[]> => {
  requireAny(sorted, path)
  return take(deliveriesOf(sorted.accepted), sorted.refused)
}

/** How many fields of what was taken are not known here. */
export const ignoredFieldsOf = ({ accepted }: Sorted<Arrival>): number =>
  accepted.reduce((sum, { ignoredFields = 0 }) => sum + ignoredFields, 0)
