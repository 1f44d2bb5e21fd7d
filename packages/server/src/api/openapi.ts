import {
  AcceptInvitation,
  Alert,
  Annotation,
  AuditAnswer,
  Confirmed,
  DeadLettersAnswer,
  DecidedReport,
  Decision,
  ElementsAnswer,
  ElementsQuery,
  ErrorAnswer,
  FormsAnswer,
  FormsQuery,
  Funnel,
  FunnelAnswer,
  FunnelDropAnswer,
  FunnelDropQuery,
  FunnelQuery,
  Goal,
  Gone,
  HeatmapAnswer,
  HeatmapQuery,
  Idea,
  IdeaChange,
  IdeaDraft,
  IdeaPlanAnswer,
  IdeaReport,
  InterestedAnswer,
  InvitationsAnswer,
  JourneysAnswer,
  JourneysQuery,
  KeysAnswer,
  LakeAnswer,
  LedgerAnswer,
  Link,
  MadeInvitation,
  MadeKey,
  Me,
  NewAlert,
  NewAnnotation,
  NewDecision,
  NewFunnel,
  NewGoal,
  NewIdea,
  NewInvitation,
  NewKey,
  NewLink,
  NewOwner,
  NewReport,
  NewRole,
  NewSegment,
  NewSite,
  NowAnswer,
  OpenedLink,
  OpenInvitation,
  OpenLink,
  PeopleAnswer,
  PortfolioAnswer,
  PropertiesAnswer,
  PropertiesQuery,
  Query,
  QueryAnswer,
  Report,
  ReportAnswer,
  RetentionAnswer,
  RetentionQuery,
  RoleSite,
  Segment,
  SentAnswer,
  SessionAnswer,
  SessionsAnswer,
  SessionsQuery,
  SiteId,
  SiteSettingsAnswer,
  SiteSettingsChange,
  SitesAnswer,
  SiteView,
  SiteViewAnswer,
  SqlAnswer,
  SqlQuery,
  SqlTables,
  Transfer,
  Transferred,
  VisitorAnswer,
  VitalsAnswer,
  VitalsQuery,
} from '@clickwatch/contract'
import Type, { type TSchema } from 'typebox'

/** Any part of a JSON document. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
type Route = {
  summary: string
  body?: object
  query?: Record<string, Json>
  /** In words. */
  answer: string
  /** And as a schema, where it is one document of JSON. */
  schema?: object
  type?: string
  status?: number
}

/** Schemas that hold themselves, such as filters: each is written down once, under its name, and pointed to. */
const named: Record<string, Json> = {}

const siteQuery = { site: { ...asJson(SiteId), default: 'default' } }
const date = { type: 'string', format: 'date' }
const format = (...formats: string[]): Json => ({ type: 'string', enum: formats })
const ask = (summary: string, body: object, answer: string, schema?: object): Route => ({
  summary,
  body,
  answer,
  ...(schema ? { schema } : {}),
})

/** What a site keeps under an id: listed, added, replaced, removed. */
const kept = (plural: string, noun: string, body: object, thing?: TSchema): Record<string, Route> => ({
  [`GET /api/sites/{site}/${plural}`]: {
    summary: `All ${plural} of the site`,
    answer: `{ ${plural} }, the oldest first`,
    ...(thing ? { schema: Type.Object({ [plural]: Type.Array(thing) }) } : {}),
  },
  [`POST /api/sites/{site}/${plural}`]: {
    ...ask(`Adds a ${noun}`, body, `The ${noun} with its id`, thing),
    status: 201,
  },
  [`PUT /api/sites/{site}/${plural}/{id}`]: ask(`Replaces a ${noun}`, body, `The ${noun}`, thing),
  [`DELETE /api/sites/{site}/${plural}/{id}`]: { summary: `Removes a ${noun}`, answer: 'Nothing', status: 204 },
})

/** Every route for people and programs that hold the key, and what may be sent to each. */
const routes: Record<string, Route> = {
  'POST /api/v2/query': ask(
    "Numbers by dimensions, as Plausible's Stats API v2",
    Query,
    'Rows, and what was asked',
    QueryAnswer,
  ),
  'POST /api/v2/export': {
    ...ask('The whole answer to a query, as a file', Query, 'The file'),
    query: { format: format('csv', 'json', 'parquet'), name: { type: 'string' } },
    type: 'application/octet-stream',
  },
  'POST /api/v2/funnel': ask('How many visitors came how far', FunnelQuery, 'Steps, and by breakdown', FunnelAnswer),
  'POST /api/v2/funnel/dropped': ask(
    'Who came to a step and not to the next',
    FunnelDropQuery,
    'Visitors and pages',
    FunnelDropAnswer,
  ),
  'POST /api/v2/journeys': ask('Ways through pages and events', JourneysQuery, 'Nodes and links', JourneysAnswer),
  'POST /api/v2/retention': ask('Who comes back after how long', RetentionQuery, 'Cohorts', RetentionAnswer),
  'POST /api/v2/elements': ask('What is clicked and hovered over', ElementsQuery, 'Elements', ElementsAnswer),
  'POST /api/v2/heatmap': ask(
    'Where on a page it is clicked, and how far it is read',
    HeatmapQuery,
    'Points and depths',
    HeatmapAnswer,
  ),
  'POST /api/v2/forms': ask('Forms begun, filled, left and sent', FormsQuery, 'Forms and their fields', FormsAnswer),
  'POST /api/v2/vitals': ask('Web vitals by a dimension', VitalsQuery, 'Percentiles', VitalsAnswer),
  'POST /api/v2/properties': ask('The properties that events carry', PropertiesQuery, 'Properties', PropertiesAnswer),
  'POST /api/v2/sessions': ask('Visits, the latest first', SessionsQuery, 'Visits and where to go on', SessionsAnswer),
  'GET /api/v2/sessions/{session}': {
    summary: 'One visit, event by event',
    query: { ...siteQuery, visitor: { type: 'string', description: 'whose visit it is' } },
    answer: 'The visit',
    schema: SessionAnswer,
  },
  'GET /api/v2/visitors/{visitor}': {
    summary: 'One visitor and their visits',
    query: siteQuery,
    answer: 'The visitor',
    schema: VisitorAnswer,
  },
  'GET /api/sites': {
    summary: 'The sites that have sent anything',
    answer: 'Sites, the busiest first',
    schema: SitesAnswer,
  },
  'GET /api/sites/{site}': { summary: 'How a site is shown', answer: 'Its view', schema: SiteViewAnswer },
  'PATCH /api/sites/{site}': ask('Changes how a site is shown', SiteView, 'Its view', SiteViewAnswer),
  ...kept('goals', 'goal', NewGoal, Goal),
  ...kept('segments', 'segment', NewSegment, Segment),
  ...kept('annotations', 'annotation', NewAnnotation, Annotation),
  ...kept('funnels', 'funnel', NewFunnel, Funnel),
  ...kept('links', 'link', NewLink, Link),
  ...kept('reports', 'report', NewReport, Report),
  'POST /api/sites/{site}/reports/{id}/test': {
    summary: 'Sends a report now',
    answer: 'That it was taken',
    schema: SentAnswer,
  },
  ...kept('alerts', 'alert', NewAlert, Alert),
  'POST /api/sites/{site}/alerts/{id}/test': {
    summary: 'Sends an alert now',
    answer: 'That it was taken',
    schema: SentAnswer,
  },
  ...kept('ideas', 'idea', NewIdea, Idea),
  'PUT /api/sites/{site}/ideas/{id}': {
    summary: 'Changes an idea; with why, once its first visitor came and what is locked changes',
    body: IdeaChange,
    answer: 'The idea',
    schema: Idea,
  },
  'GET /api/sites/{site}/ideas/{id}': {
    summary: 'One idea, its revisions and decisions',
    answer: 'The idea',
    schema: Idea,
  },
  'GET /api/sites/{site}/ideas/{id}/report': {
    summary: 'What an idea has come to, as of now',
    answer: 'Idea, evidence with recommendation, and cost',
    schema: IdeaReport,
  },
  'POST /api/sites/{site}/ideas/{id}/decisions': {
    summary: 'Decides about an idea; the report is kept as it is',
    body: NewDecision,
    answer: 'The decision with its id',
    schema: Decision,
    status: 201,
  },
  'GET /api/sites/{site}/ideas/{id}/decisions/{decision}': {
    summary: 'A decision, and the report as it was then',
    answer: 'Decision and report',
    schema: DecidedReport,
  },
  'GET /api/sites/{site}/ideas/{id}/interested': {
    summary: 'Who left an address on the door page',
    answer: '{ interested }, the oldest first',
    schema: InterestedAnswer,
  },
  'DELETE /api/sites/{site}/ideas/{id}/interested': {
    summary: 'Erases all addresses of an idea',
    query: { name: { type: 'string', description: 'the name of the idea, so that nobody does it by mistake' } },
    answer: 'Nothing',
    status: 204,
  },
  'DELETE /api/sites/{site}/ideas/{id}/interested/{interested}': {
    summary: 'Erases one address',
    answer: 'Nothing',
    status: 204,
  },
  'GET /api/sites/{site}/ideas/portfolio': {
    summary: 'All ideas side by side',
    answer: '{ ideas }, the latest first',
    schema: PortfolioAnswer,
  },
  'POST /api/sites/{site}/ideas/plan': {
    summary: 'Visitors, days and cost that an idea takes, from the traffic its page has',
    body: IdeaDraft,
    answer: 'Traffic, precision, decisions, and what can be told apart',
    schema: IdeaPlanAnswer,
  },
  'POST /api/share/{token}': ask('Opens a shared link; needs no key', OpenLink, 'What it shows', OpenedLink),
  'GET /api/now': {
    summary: 'Who is there, of the last five minutes',
    query: siteQuery,
    answer: 'Visitors',
    schema: NowAnswer,
  },
  'GET /api/live': {
    summary: 'Says when the numbers of a site change',
    query: siteQuery,
    answer: 'Server-sent events',
    type: 'text/event-stream',
  },
  'GET /api/ledger': {
    summary: 'What became of everything that arrived',
    query: { ...siteQuery, from: date, to: date },
    answer: 'By the day of arrival',
    schema: LedgerAnswer,
  },
  'GET /api/report': {
    summary: "The reference's report",
    query: siteQuery,
    answer: 'Table, totals and slicers',
    schema: ReportAnswer,
  },
  'POST /api/sql': ask("Somebody's own SELECT over a site's tables", SqlQuery, 'Rows, or a file', SqlAnswer),
  'GET /api/sql/tables': { summary: 'The tables of the SQL console', answer: 'Tables', schema: SqlTables },
  'POST /api/sites': { ...ask('Adds a site', NewSite, 'How it is shown', SiteViewAnswer), status: 201 },
  'DELETE /api/sites/{site}': {
    summary: 'Removes a site with everything stored and set up of it',
    query: { name: { type: 'string', description: 'the id of the site, or what people call it, typed' } },
    answer: 'What went',
    schema: Gone,
  },
  'POST /api/sites/{site}/reset': ask('Erases everything stored of a site', Confirmed, 'What went', Gone),
  'GET /api/sites/{site}/settings': {
    summary: 'What is taken in of a site',
    answer: 'Settings',
    schema: SiteSettingsAnswer,
  },
  'PATCH /api/sites/{site}/settings': ask(
    'Changes what is named; null takes it back',
    SiteSettingsChange,
    'Settings',
    SiteSettingsAnswer,
  ),
  'GET /api/me': { summary: 'Who asks, what they may, and how they could be let in', answer: 'You', schema: Me },
  'POST /api/setup': {
    ...ask(
      'Makes the first account, which owns all',
      NewOwner,
      'Its address; the session is in a cookie',
      Type.Object({ email: Type.String() }),
    ),
    status: 201,
  },
  'GET /api/invitations/{token}': {
    summary: 'What an invitation is to',
    answer: 'The invitation',
    schema: OpenInvitation,
  },
  'POST /api/invitations/{token}': { ...ask('Accepts an invitation', AcceptInvitation, 'Nothing'), status: 204 },
  'GET /api/sites/{site}/people': {
    summary: "Who may see a site; of '*', everybody with every role",
    answer: 'People and their roles',
    schema: PeopleAnswer,
  },
  'PUT /api/sites/{site}/people/{id}': { ...ask('Gives somebody a role', NewRole, 'Nothing'), status: 204 },
  'POST /api/sites/{site}/people/{id}/transfer': ask(
    'Hands a site over: it has one admin from then on',
    Transfer,
    'Who was its admin',
    Transferred,
  ),
  'DELETE /api/sites/{site}/people/{id}': {
    summary: 'Takes a role away, and the account with the last one',
    answer: 'Nothing',
    status: 204,
  },
  'GET /api/sites/{site}/invitations': {
    summary: 'Who is invited and has not come yet',
    answer: 'Invitations',
    schema: InvitationsAnswer,
  },
  'POST /api/sites/{site}/invitations': {
    ...ask("Invites somebody to a site, or to all ('*')", NewInvitation, 'The invitation', MadeInvitation),
    status: 201,
  },
  'DELETE /api/sites/{site}/invitations/{id}': { summary: 'Takes an invitation back', answer: 'Nothing', status: 204 },
  'GET /api/keys': { summary: 'All keys, without what opens anything', answer: 'Keys', schema: KeysAnswer },
  'POST /api/keys': { ...ask('Makes a key', NewKey, 'The key, told this once', MadeKey), status: 201 },
  'DELETE /api/keys/{id}': { summary: 'Takes a key back', answer: 'Nothing', status: 204 },
  'GET /api/audit': {
    summary: 'Who changed what, the newest first',
    query: { site: asJson(SiteId), before: { type: 'string', description: 'as an earlier answer has it' } },
    answer: 'A hundred changes',
    schema: AuditAnswer,
  },
  'GET /api/visitors/export': {
    summary: 'Everything that is known of one visitor, for who asks for their data',
    query: { ...siteQuery, visitor: { type: 'string', description: 'their id, or their id on the dashboard' } },
    answer: '{ site, visitor_id, exported_at, tables, lake }: rows by table',
  },
  'DELETE /api/visitors': {
    summary: 'Erases one visitor from every layer and the lake',
    query: { ...siteQuery, visitor: { type: 'string', description: 'their id, or their id on the dashboard' } },
    answer: 'What went',
    schema: Gone,
  },
  'GET /api/tables/{table}': {
    summary: "The reference's tables, whole",
    query: { ...siteQuery, format: format('json', 'csv') },
    answer: 'Rows',
  },
  'GET /api/export/events': {
    summary: 'The events of a range, as a file',
    query: { ...siteQuery, from: date, to: date, format: format('csv', 'json', 'parquet') },
    answer: 'The file',
    type: 'application/octet-stream',
  },
  'GET /api/export/sessions': {
    summary: 'The visits of a range, as a file',
    query: { ...siteQuery, from: date, to: date, format: format('csv', 'json', 'parquet') },
    answer: 'The file',
    type: 'application/octet-stream',
  },
  'GET /api/admin/lake': { summary: 'How the lake is', answer: 'Lake', schema: LakeAnswer },
  'GET /api/admin/dead-letters': {
    summary: 'What could not be understood',
    answer: 'Letters',
    schema: DeadLettersAnswer,
  },
}

/** A schema as plain JSON. */
function asJson(schema: object): { [key: string]: Json } {
  const plain = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(plain)
    if (value === null || typeof value !== 'object') return value
    const { $defs, $id: _id, ...rest } = value
    for (const [name, inside] of Object.entries(($defs ?? {}) as { [key: string]: Json })) {
      if (named[name] !== undefined) continue
      // It is there before it is gone through, as it points to itself.
      named[name] = {}
      named[name] = plain(inside)
    }
    if (typeof rest.$ref === 'string') return { $ref: `#/components/schemas/${rest.$ref}` }
    if (Array.isArray(rest.items)) {
      // OpenAPI 3.1 is of JSON Schema 2020-12, where a tuple is written so.
      const { items, additionalItems: _more, ...tuple } = rest
      return plain({ ...tuple, prefixItems: items, items: false })
    }
    return Object.fromEntries(Object.entries(rest).map(([key, inside]) => [key, plain(inside)]))
  }
  return plain(JSON.parse(JSON.stringify(schema)) as Json) as { [key: string]: Json }
}

const parametersOf = (path: string, query: Record<string, Json> = {}): Json[] => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema:
      name === 'site'
        ? asJson(/\/(people|invitations)(?!.*\/transfer)/.test(path) ? RoleSite : SiteId)
        : { type: 'string' },
  })),
  ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
]

const tagOf = (path: string): string => {
  if (path.startsWith('/api/v2/')) return 'Questions'
  return path.startsWith('/api/sites') || path.startsWith('/api/share') ? 'Sites' : 'Live and whole'
}

const operationOf = (
  path: string,
  { summary, body, query, answer, schema, type = 'application/json', status = 200 }: Route,
): Json => ({
  summary,
  tags: [tagOf(path)],
  parameters: parametersOf(path, query),
  ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: asJson(body) } } } } : {}),
  responses: {
    [status]: {
      description: answer,
      ...(status === 204 ? {} : { content: { [type]: schema ? { schema: asJson(schema) } : {} } }),
    },
    default: {
      description: 'What is wrong, and with which field',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  },
})

/** The API in the words of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html), made of the schemas that requests are checked by. */
export const openApiDocument = () => {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [route, described] of Object.entries(routes)) {
    const [method = '', path = ''] = route.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(path, described) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'ClickWatch', version: '2', description: 'Metrics and dimensions are defined in docs/metrics.md.' },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'CLICKWATCH_API_KEY' } },
      schemas: { ...named, Error: asJson(ErrorAnswer) },
    },
  }
}
