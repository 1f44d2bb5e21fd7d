import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eventKey, History } from './history.ts'
import { inOrder, type Moment } from './sessionize.ts'

const momentOf = (timeMs: number): Moment => ({
  eventId: `e${timeMs}`,
  timeMs,
  seq: 0,
  type: 'click',
  namedSession: '',
  campaign: '',
})
const keyOf = ({ eventId }: Moment): string => eventKey('', eventId)

const add = (history: History<Moment>, added: readonly Moment[]): History<Moment> => {
  const kept = Math.min(...added.map((moment) => history.before(moment)))
  return history.with(kept, [...history.all.slice(kept), ...added].sort(inOrder), added)
}

it('holds what was added in order, and knows it, whatever else was made of an earlier one', () => {
  const batches = fc.array(fc.uniqueArray(fc.nat(2000), { minLength: 60, maxLength: 150 }), {
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(batches, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (given, isLost) => {
      let history = History.of<Moment>([])
      const expected = new Set<number>()
      for (const [index, times] of given.entries()) {
        const isKnown = history.knower()
        const fresh = times.filter((time) => !isKnown(keyOf(momentOf(time))))
        expect(fresh).toEqual(times.filter((time) => !expected.has(time)))
        const added = fresh.map(momentOf)
        if (added.length === 0) continue
        // A batch that is computed and not stored, which is then computed again.
        if (isLost[index]) {
          add(history, [...added.slice(1), momentOf(10_000 + index)])
          expect(history.knower()(keyOf(momentOf(10_000 + index)))).toBe(false)
        }
        history = add(history, added)
        for (const time of fresh) expected.add(time)
      }
      expect(history.all.map(({ timeMs }) => timeMs)).toEqual([...expected].sort((left, right) => left - right))
      const isKnown = history.knower()
      const all = Array.from({ length: 10_010 }, (_, time) => time)
      expect(all.filter((time) => isKnown(eventKey('', `e${time}`)) !== expected.has(time))).toEqual([])
    }),
    { numRuns: 100 },
  )
})
