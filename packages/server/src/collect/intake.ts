import type { IncomingHttpHeaders } from 'node:http'
import type { TrackerBatch } from '@clickwatch/contract'
import type { FastifyRequest } from 'fastify'
import { ClickWatchError } from '../errors.ts'
import type { RulesOf } from '../metadata/sites.ts'
import { encodeDocument, type StreamDocument, visitorKeyOf } from '../stream/document.ts'
import type { Appender } from './appender.ts'
import { readAgent } from './enrich/agent.ts'
import { botReason } from './enrich/bot.ts'
import type { PlaceOf } from './enrich/geo.ts'
import { acquisitionOfPage } from './enrich/source.ts'
import type { Identity } from './identity.ts'
import type { Rates } from './limits.ts'
import { type ScrubOf, scrubRefused } from './scrub.ts'

/** The browser, or what a server says of one: used for enrichment and kept nowhere. */
export type Sender = {
  /** '' where a server does not say. */
  address: string
  headers: IncomingHttpHeaders
  /** A server with the key tells of visitors whose browsers it knows, or knows nothing of. */
  isServer: boolean
}

type OfTracker = StreamDocument & { kind: 'tracker' }

/** What one visitor did on one site, in whatever way it came in. */
export type Delivery = { site: string; batch: TrackerBatch; sender: Sender; ignoredFields: number }

/** What became of a delivery; `excluded` says why it stays out of the numbers, '' where it does not. Of whom nothing is kept has no id. */
export type Taken = { visitorId: string; sessionId: string; excluded: string }

/**
 * Takes deliveries in, and what was refused of the same request: they are on disk when it resolves, all of them or none.
 * @throws {ClickWatchError} 403 origin_not_allowed, 429 rate_limited, 503 overloaded or not_stored
 */
export type Intake = (
  deliveries: readonly Delivery[],
  refused?: readonly StreamDocument[],
  /** Who sent what is in no delivery, where that is to be held against the rules. */
  sender?: Sender,
) => Promise<Taken[]>

/** Whoever tries something out on this machine is no bot, whatever the program, and has no limit; nor has a server with the key. */
const isLocal = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address)
const hasNoLimit = ({ address, isServer }: Sender): boolean => isServer || isLocal(address)
const mayBeBot = ({ address, headers, isServer }: Sender): boolean =>
  isServer ? headers['user-agent'] !== undefined : !isLocal(address)

/** The browser behind a request; behind proxies that are trusted, the one that they name. */
export const senderOf = ({ ip, headers }: FastifyRequest): Sender => ({ address: ip, headers, isServer: false })

/** Global Privacy Control (https://w3c.github.io/gpc/) or Do Not Track, as a browser says it of itself. */
const asksForPrivacy = (headers: IncomingHttpHeaders): boolean => headers['sec-gpc'] === '1' || headers.dnt === '1'

const originOf = ({ origin, referer }: IncomingHttpHeaders): string =>
  origin ?? (referer === undefined ? '' : (URL.parse(referer)?.origin ?? ''))

/** What the browser prefers to read, for example de-DE; '' where it does not say. */
export const languageOf = (headers: IncomingHttpHeaders): string =>
  /^[a-z]{1,8}(-[a-z0-9]{1,8})*/i.exec(headers['accept-language'] ?? '')?.[0]?.slice(0, 35) ?? ''

export const createIntake = (options: {
  append: Appender
  placeOf: PlaceOf
  identity: Pick<Identity, 'userOf' | 'visitorOf'>
  rulesOf: RulesOf
  scrubOf: ScrubOf
  rates: Rates
}): Intake => {
  const { append, placeOf, identity, rulesOf, scrubOf, rates } = options

  const documentOf = ({ site, batch, sender, ignoredFields }: Delivery): OfTracker => {
    const { visitor_id, session_id, user_id, ...arrived } = batch
    // First: what is made of an address is made of what may be kept of it.
    const document = scrubOf(site).document(arrived)
    const { address, headers, isServer } = sender
    const rules = rulesOf(site)
    const now = Date.now()
    const userAgent = headers['user-agent'] ?? ''
    const ownId = rules.isCookieless && !isServer ? undefined : visitor_id
    const userHash = user_id === undefined ? '' : identity.userOf(site, user_id)
    const entry = document.events.find(({ type }) => type === 'page_view') ?? document.events[0]
    return {
      kind: 'tracker',
      site,
      received_at: now,
      // A server that knows no more of a visitor than who is signed in means the same visitor each time.
      visitor_id: ownId ?? ((address === '' && userHash) || identity.visitorOf(site, address, userAgent, now)),
      session_id: (ownId && session_id) ?? '',
      user_id: userHash,
      agent: readAgent(headers),
      place: placeOf(address),
      acquisition: acquisitionOfPage(entry?.url ?? '', entry?.referrer ?? ''),
      excluded: rules.excludesAddress(address) ? 'own_address' : mayBeBot(sender) ? botReason(headers) : '',
      ignored_fields: ignoredFields,
      document: {
        // Only ids that are used are kept.
        ...(ownId ? { visitor_id: ownId } : {}),
        ...(ownId && session_id ? { session_id } : {}),
        ...(document.language === undefined ? { language: languageOf(headers) } : {}),
        ...document,
      },
    }
  }

  /** What happened on pages that do not count stays out of the numbers by itself. */
  const splitByPage = (document: OfTracker): [OfTracker, ...OfTracker[]] => {
    const isOut = rulesOf(document.site).excludesPage
    if (isOut === undefined || document.excluded !== '') return [document]
    const { events } = document.document
    const out = events.filter(({ url }) => isOut(url))
    if (out.length === 0) return [document]
    const with_ = (some: typeof events, excluded: string): OfTracker => ({
      ...document,
      excluded,
      document: { ...document.document, events: some },
    })
    const rest = events.filter(({ url }) => !isOut(url))
    return rest.length === 0 ? [with_(out, 'own_page')] : [with_(rest, ''), with_(out, 'own_page')]
  }

  /** Whether nothing is to be kept of a browser but how much it sent; a server answers for whom it tells of. */
  const isLeftAlone = ({ site, sender }: Delivery): boolean =>
    !sender.isServer && rulesOf(site).honoursSignals && asksForPrivacy(sender.headers)

  const withheldOf = ({ site, batch }: Delivery): StreamDocument & { kind: 'withheld' } => ({
    kind: 'withheld',
    site,
    received_at: Date.now(),
    document: { withheld: batch.events.length },
  })

  const ofOwnId = <Of extends { site: string }>(of: Of): Of => ({ ...of, site: rulesOf(of.site).id })

  const admit = async (site: string, sender: Sender, events: number): Promise<void> => {
    if (!rulesOf(site).allowsOrigin(originOf(sender.headers))) {
      throw new ClickWatchError('origin_not_allowed', 403, `Pages of this origin may not send events of '${site}'.`)
    }
    await rates(site, hasNoLimit(sender) ? '' : sender.address, events)
  }

  return async (given, refused = [], from) => {
    const deliveries = given.map(ofOwnId)
    if (from) for (const { site } of refused.map(ofOwnId)) await admit(site, from, 1)
    for (const { site, sender, batch } of deliveries) await admit(site, sender, batch.events.length)
    const taken = deliveries.map((delivery) =>
      isLeftAlone(delivery) ? [withheldOf(delivery)] : splitByPage(documentOf(delivery)),
    )
    // What was refused in a request is of whoever sent the rest of it.
    const isKept = deliveries.length === 0 || !deliveries.every(isLeftAlone)
    const kept = isKept ? refused.map(ofOwnId).map(scrubRefused(scrubOf)) : []
    const all: StreamDocument[] = [...taken.flat(), ...kept]
    await append(
      all.map((document) => ({ key: visitorKeyOf(document) ?? document.site, value: encodeDocument(document) })),
    )
    return taken.map(([document]) =>
      document.kind === 'tracker'
        ? { visitorId: document.visitor_id, sessionId: document.session_id, excluded: document.excluded }
        : { visitorId: '', sessionId: '', excluded: 'signal' },
    )
  }
}
