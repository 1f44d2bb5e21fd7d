import { type SessionEvent, type VitalName, vitalNames } from '@clickwatch/contract'
import type { Random } from './random.ts'

// What made-up visitors leave on a page beside the steps they take: where they clicked, what they filled in, how fast it was.

export type Layout = { width: number; height: number }

const layouts: Record<string, readonly (Layout & { weight: number })[]> = {
  mobile: [
    { weight: 6, width: 390, height: 4600 },
    { weight: 4, width: 360, height: 4900 },
  ],
  tablet: [{ weight: 1, width: 820, height: 3400 }],
  desktop: [
    { weight: 5, width: 1440, height: 2600 },
    { weight: 4, width: 1920, height: 2500 },
    { weight: 3, width: 1280, height: 2700 },
  ],
}
const desktop = { weight: 1, width: 1440, height: 2600 }

export const layoutOf = (random: Random, device: string): Layout => random.pick(layouts[device] ?? [desktop])

/** Where the elements are: parts of the page's width and height. */
const places: Record<string, { x: number; y: number }> = {
  tryNowButton: { x: 0.18, y: 0.16 },
  learnMoreLink: { x: 0.32, y: 0.16 },
  demoButton: { x: 0.7, y: 0.22 },
}
/** How far down somebody is who has scrolled to an element, in per cent. */
const depths: Record<string, number> = { featureSection: 45, testimonials: 70 }
/** Half of what an element takes up, in CSS pixels. */
const reach = { x: 48, y: 14 }

const around = (random: Random, half: number): number => Math.round((random.next() + random.next() - 1) * half)

/** The event with where it was, if it is one that is somewhere. */
export const placed = (random: Random, event: SessionEvent, { width, height }: Layout): SessionEvent => {
  const id = event.element_id ?? ''
  const depth = event.event_type === 'scroll' ? depths[id] : undefined
  if (depth !== undefined) return { ...event, scroll_depth: Math.min(100, depth + random.whole(0, 20)) }
  const place = event.event_type === 'click' ? places[id] : undefined
  if (place === undefined) return event
  const x = Math.round(place.x * width) + around(random, reach.x)
  const y = Math.round(place.y * height) + around(random, reach.y)
  return { ...event, position: { x: Math.max(0, x), y } }
}

const fields = ['name', 'email', 'message'] as const
const leavingShare = 0.18

/** A form that was sent, with what was filled in. */
export const sendsForm = (random: Random, event: SessionEvent): SessionEvent => ({
  ...event,
  fields: fields.filter((field) => field === 'email' || random.chance(0.6)),
})

/** The form begun and left where the visit ends, by some who did not send it. */
export const leavesForm = (random: Random, events: readonly SessionEvent[]): SessionEvent | undefined => {
  const last = events.at(-1)
  if (last === undefined || events.some(({ event_type }) => event_type === 'submit')) return undefined
  if (!random.chance(leavingShare)) return undefined
  // Whoever is asked for an address thinks twice.
  const filled = random.chance(0.55) ? 1 : random.whole(2, fields.length)
  return { ...last, event_type: 'form_abandon', element_id: 'contactForm', fields: fields.slice(0, filled) }
}

/** Medians of a desktop's, in milliseconds; of CLS what it is. */
const medians: Record<VitalName, number> = { LCP: 1700, INP: 90, CLS: 0.04, FCP: 1100, TTFB: 380 }
const slowness: Record<string, number> = { mobile: 1.5, tablet: 1.2 }
const measuredShare = 0.4

/** How fast the page was, as some browsers tell. */
export const vitalsOf = (random: Random, device: string, timestamp: string): SessionEvent[] => {
  if (!random.chance(measuredShare)) return []
  return vitalNames.map((name) => {
    const value = random.logNormal(medians[name] * (slowness[device] ?? 1), 0.45)
    return { event_type: 'web_vital', timestamp, name, value: Number(value.toFixed(name === 'CLS' ? 4 : 0)) }
  })
}
