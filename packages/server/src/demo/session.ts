import type { SessionDocument, SessionEvent } from '@clickwatch/contract'
import { type Country, type Device, devices, origins, pages } from './catalogue.ts'
import { layoutOf, leavesForm, placed, sendsForm, vitalsOf } from './page-facts.ts'
import type { Random } from './random.ts'

/** Somebody made up, who may come again. */
export type Visitor = Device & Pick<Country, 'country' | 'language'> & { user_id: string; visits: number }

export const createVisitor = (random: Random, { country, language }: Country): Visitor => {
  // An id out of the dice, never an address.
  return { ...random.pick(devices), country, language, user_id: `guest_${random.hex(12)}`, visits: 0 }
}

type Step = {
  event_type: string
  element_id?: string
  /** Where the visitor goes by it. */
  page_url?: string
  probability: number
}

/** The way from a first look to the goal. Who does not take a step seldom takes the next. */
const funnel: readonly Step[] = [
  { event_type: 'scroll', element_id: 'featureSection', probability: 0.62 },
  { event_type: 'hover', element_id: 'videoIntro', probability: 0.45 },
  { event_type: 'click', element_id: 'demoButton', probability: 0.22 },
  { event_type: 'click', element_id: 'learnMoreLink', probability: 0.34 },
  { event_type: 'scroll', element_id: 'testimonials', probability: 0.4 },
  { event_type: 'page_view', page_url: '/pricing', probability: 0.5 },
  { event_type: 'hover', element_id: 'pricingTable', probability: 0.5 },
  { event_type: 'click', element_id: 'tryNowButton', probability: 0.2 },
  { event_type: 'submit', element_id: 'contactForm', probability: 0.25 },
]
const afterMissedStep = 0.35
const engaging = new Set(['click', 'submit', 'page_view'])
const goals = new Set(['tryNowButton', 'contactForm'])

const walk = (random: Random, interest: number): Step[] => {
  let momentum = 1
  return funnel.filter((step) => {
    const isTaken = random.chance(Math.min(0.95, step.probability * interest * momentum))
    momentum = isTaken ? 1 : momentum * afterMissedStep
    return isTaken
  })
}

const isoSeconds = (timeMs: number): string => new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z')

/** One visit of a visitor, as a document of the reference's format. Changes the visitor: they have been here once more. */
export const createSession = (random: Random, visitor: Visitor, startMs: number): SessionDocument => {
  visitor.visits++
  const { weight: _weight, interest: originInterest, ...origin } = random.pick(origins)
  const { page_url, interest: pageInterest } = random.pick(pages)
  const isReturning = visitor.visits > 1
  const steps = walk(random, originInterest * pageInterest * (isReturning ? 1.15 : 1))

  let elapsedMs = 0
  let page = page_url
  const events = steps.map((step): SessionEvent => {
    elapsedMs += 1000 * Math.ceil(Math.min(600, random.logNormal(9, 0.7)))
    page = step.page_url ?? page
    return {
      event_type: step.event_type,
      ...(step.element_id ? { element_id: step.element_id } : {}),
      timestamp: isoSeconds(startMs + elapsedMs),
      ...(page === page_url ? {} : { page_url: page }),
    }
  })
  const layout = layoutOf(random, visitor.device_type)
  const detailed = events.map((event) =>
    event.event_type === 'submit' ? sendsForm(random, event) : placed(random, event, layout),
  )
  const left = steps.some(({ page_url: went }) => went !== undefined) ? leavesForm(random, detailed) : undefined
  const readingMs = 1000 * Math.ceil(Math.min(900, random.logNormal(14, 0.9)))
  return {
    session_id: random.hex(16),
    user_id: visitor.user_id,
    timestamp: isoSeconds(startMs),
    user_agent: `DemoBrowser/1.0 (${visitor.os})`,
    device_type: visitor.device_type,
    os: visitor.os,
    browser: visitor.browser,
    page_url,
    ...origin,
    layout: `${layout.width}x${layout.height}`,
    events: [...vitalsOf(random, visitor.device_type, isoSeconds(startMs)), ...detailed, ...(left ? [left] : [])],
    time_spent_seconds: (elapsedMs + readingMs) / 1000,
    is_returning_visitor: isReturning,
    visit_count: visitor.visits,
    bounce: !events.some(({ event_type }) => engaging.has(event_type)),
    conversion: events.some(({ element_id }) => goals.has(element_id ?? '')),
    country: visitor.country,
    language: visitor.language,
  }
}
