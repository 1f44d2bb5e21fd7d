import type { VisitRules } from '../metadata/sites.ts'

/** What of an event decides the visit it belongs to. */
export type Moment = {
  /** Unique within the visitor, or within the visit that its sender names. */
  eventId: string
  timeMs: number
  /** Number of the event within what its sender counts; orders events of one millisecond. */
  seq: number
  type: string
  /** The visit that its sender says it belongs to; '' where that is to be found. */
  namedSession: string
  /** What the page view was brought by; '' for most. */
  campaign: string
}

/** How long somebody stayed on a page is told when they leave it, however long that was. */
const longestStayMs = 24 * 3_600_000
const isFarewell = ({ type }: Moment): boolean => type === 'engagement' || type === 'form_abandon'

/** The order in which things happened, the same whatever order they arrived in. */
export const inOrder = (left: Moment, right: Moment): number =>
  left.timeMs - right.timeMs ||
  left.seq - right.seq ||
  byText(left.eventId, right.eventId) ||
  byText(left.namedSession, right.namedSession)

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** What is known of a visitor's visits before the moments that are looked at. */
export type Before = {
  /** The latest of what happened before, and its visit. */
  last: { sessionId: string; timeMs: number } | undefined
  has(sessionId: string): boolean
  /** What the first event of a visit was brought by. */
  campaignOf(sessionId: string): string
}
const nothingBefore: Before = { last: undefined, has: () => false, campaignOf: () => '' }

type Open = { id: string; lastMs: number; campaign: string }

const goesOn = (moment: Moment, { lastMs, campaign }: Open, rules: VisitRules): boolean => {
  const silenceMs = moment.timeMs - lastMs
  if (isFarewell(moment)) return silenceMs <= longestStayMs
  const isOtherCampaign = rules.campaignBegins && moment.campaign !== '' && moment.campaign !== campaign
  return silenceMs <= rules.inactivityMs && !isOtherCampaign
}

/**
 * The visits that a visitor's events make, by id. An event belongs to the visit that its sender names; without a name, to the one
 * of the event before it, unless too much time lies between, or another campaign brought it: then it begins one.
 * @param moments of one visitor, in order
 * @param before what came before these; the visits that go on from there have only their members among these
 */
export const sessionize = <M extends Moment>(
  moments: readonly M[],
  visitorId: string,
  rules: VisitRules,
  before: Before = nothingBefore,
): Map<string, [M, ...M[]]> => {
  const sessions = new Map<string, [M, ...M[]]>()
  const campaigns = new Map<string, string>()
  const isTaken = (id: string): boolean => sessions.has(id) || before.has(id)
  const campaignOf = (id: string, moment: Moment): string => {
    const campaign = campaigns.get(id) ?? (before.has(id) ? before.campaignOf(id) : moment.campaign)
    campaigns.set(id, campaign)
    return campaign
  }
  const { last } = before
  let open: Open | undefined = last && {
    id: last.sessionId,
    lastMs: last.timeMs,
    campaign: before.campaignOf(last.sessionId),
  }
  for (const moment of moments) {
    let id = moment.namedSession
    if (id === '' && open && goesOn(moment, open, rules)) id = open.id
    if (id === '') {
      const byStart = `${visitorId}.${moment.timeMs.toString(36)}`
      // Two campaigns within a millisecond.
      for (let number = 0; id === '' || isTaken(id); number++) id = number === 0 ? byStart : `${byStart}.${number}`
    }
    const session = sessions.get(id)
    if (session) session.push(moment)
    else sessions.set(id, [moment])
    open = { id, lastMs: moment.timeMs, campaign: campaignOf(id, moment) }
  }
  return sessions
}
