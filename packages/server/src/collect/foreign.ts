import { type EventLimits, eventSchemas, maxPropName, type Props, type TrackerEvent, text } from '@clickwatch/contract'
import Type from 'typebox'
import { type Checked, checkerOf } from '../http/validation.ts'
import type { Arrival } from './arrival.ts'

// What the routes of other products' trackers have in common. Their events come to ours; what ours has no room for is cut, for
// these trackers cannot be told.

const maxDepth = 5

const flatten = (
  value: object,
  prefix: string,
  depth: number,
  props: Map<string, Props[string]>,
  limits: EventLimits,
): void => {
  for (const [key, inside] of Object.entries(value) as [string, unknown][]) {
    const name = (prefix + key).slice(0, maxPropName)
    if (name === '' || inside === null || inside === undefined || props.size === limits.props) continue
    if (typeof inside === 'number' || typeof inside === 'boolean') props.set(name, inside)
    else if (typeof inside === 'string') props.set(name, inside.slice(0, limits.propLength))
    else if (Array.isArray(inside) || depth === maxDepth)
      props.set(name, JSON.stringify(inside).slice(0, limits.propLength))
    else flatten(inside as object, `${name}.`, depth + 1, props, limits)
  }
}

/** How other products' events come to ours, under the operator's limits. */
export type Foreign = {
  /** Properties of any depth as ours, which are flat: `{ a: { b: 1 } }` is `{ 'a.b': 1 }`, and a list its JSON. */
  propsOf(value: object): Props
  /** Checks what an event came to, as if it had come by our own tracker. */
  checked(arrival: Arrival): Checked<Arrival>
}

/** An amount of money, where amount and currency are such; they come as numbers and as text. */
export const revenueOf = (amount: unknown, currency: unknown): Pick<TrackerEvent, 'revenue'> => {
  const number = typeof amount === 'number' || typeof amount === 'string' ? Number(amount || Number.NaN) : Number.NaN
  const code = typeof currency === 'string' ? currency.toUpperCase() : ''
  return Number.isFinite(number) && /^[A-Z]{3}$/.test(code) ? { revenue: { amount: number, currency: code } } : {}
}

/** A page without what follows #, which names no page unless a site says so. */
export const withoutHash = (url: string): string => url.split('#', 1)[0] ?? ''

export const createForeign = (limits: EventLimits): Foreign => {
  const { properties } = eventSchemas(limits).TrackerEvent
  // What a server or an app does has no page.
  const checkEvent = checkerOf<TrackerEvent>(Type.Object({ ...properties, url: text(limits.urlLength) }))
  return {
    propsOf(value) {
      const props = new Map<string, Props[string]>()
      flatten(value, '', 0, props, limits)
      return Object.fromEntries(props)
    },
    checked(arrival) {
      const event = checkEvent(arrival.event)
      return event.ok ? { ok: true, value: arrival } : event
    },
  }
}
