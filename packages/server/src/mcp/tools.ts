import { dimensions, metrics } from '@clickwatch/contract'
import type { Ask } from './ask.ts'

// What an assistant can ask. Schemas are of the plain kind that every model takes; the API itself checks what is asked, and names the field
// that is wrong.

type Given = Record<string, unknown>
type Schema = { type: 'object'; properties: Record<string, object>; required: string[]; additionalProperties: false }
export type Tool = {
  name: string
  title: string
  description: string
  inputSchema: Schema
  /** What the API answers; nothing is changed by it. */
  run(ask: Ask, given: Given): ReturnType<Ask>
}

const site = { type: 'string', description: "the site's id, as the tool sites lists it" }
const dateRange = {
  description:
    'one of realtime, day, yesterday, 24h, 7d, 28d, 30d, 90d, week, month, last_month, 6mo, 12mo, year, all; or two days such as ["2026-11-01", "2026-11-30"]',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 }],
}
const filters = {
  type: 'array',
  items: { type: 'array', items: {} },
  description:
    'each is [operator, dimension, values], such as ["is", "visit:country", ["DE", "FR"]] or ["contains", "event:page", ["/pricing"]]; operators: is, is_not, contains, contains_not, matches, matches_not; ["or", [filters]], ["and", [filters]], ["not", filter] and ["has_done", filter] join them',
}
const timezone = { type: 'string', description: "such as Europe/Berlin; the site's own otherwise" }

const schema = (properties: Record<string, object>, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const pathOf = (given: Given, ...rest: unknown[]): string =>
  ['/api/sites', given.site, ...rest]
    .map((part, index) => (index === 0 ? part : encodeURIComponent(String(part))))
    .join('/')

/** What is asked of a site, under the name that the API has for it. */
const ofSite = ({ site: site_id, ...rest }: Given): Given => ({ site_id, ...rest })

export const tools: readonly Tool[] = [
  {
    name: 'sites',
    title: 'Sites',
    description: 'Lists the sites there are, with how many events each has and when the last one came. Ask this first.',
    inputSchema: schema({}),
    run: (ask) => ask('GET', '/api/sites'),
  },
  {
    name: 'query',
    title: 'Metrics by dimensions',
    description:
      'Answers metrics of a site over a range of dates, as a total or by dimensions: visitors by source, page views by day, bounce rate by page. Rows come with the highest first metric first. Days and hours are in the time zone of the site.',
    inputSchema: schema(
      {
        site,
        metrics: { type: 'array', items: { type: 'string', enum: [...metrics] }, minItems: 1 },
        date_range: dateRange,
        dimensions: {
          type: 'array',
          items: { type: 'string' },
          description: `up to a few of ${dimensions.join(', ')}, event:props:NAME, time:minute, time:hour, time:day, time:week, time:month`,
        },
        filters,
        compare: {
          type: 'string',
          enum: ['previous_period', 'year_over_year'],
          description: 'has each row stand beside the same of an earlier range',
        },
        limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'rows, 100 otherwise' },
        timezone,
      },
      'site',
      'metrics',
      'date_range',
    ),
    run: (ask, { compare, limit, ...given }) =>
      ask('POST', '/api/v2/query', {
        ...ofSite(given),
        pagination: { limit: limit ?? 100 },
        ...(compare === undefined ? {} : { include: { comparisons: { mode: compare } } }),
      }),
  },
  {
    name: 'now',
    title: 'Who is there now',
    description: 'How many visitors of a site did something in the last five minutes.',
    inputSchema: schema({ site }, 'site'),
    run: (ask, given) => ask('GET', `/api/now?site=${encodeURIComponent(String(given.site))}`),
  },
  {
    name: 'funnels',
    title: 'Saved funnels',
    description: 'Lists the funnels that people saved for a site, with their steps, which the tool funnel can count.',
    inputSchema: schema({ site }, 'site'),
    run: (ask, given) => ask('GET', pathOf(given, 'funnels')),
  },
  {
    name: 'funnel',
    title: 'Count a funnel',
    description:
      'How many visitors went through steps in their order, how many were lost between two, and how long it took. Each step is {"goal": ID} of the tool goals, or {"name": …, "filter": …} with a filter as the tool query takes it, such as ["is", "event:page", ["/pricing"]].',
    inputSchema: schema(
      {
        site,
        date_range: dateRange,
        steps: { type: 'array', items: { type: 'object' }, minItems: 2, maxItems: 10 },
        order: { type: 'string', enum: ['open', 'strict'] },
        window_s: {
          type: 'integer',
          minimum: 1,
          description: 'seconds that a visitor has from the first step to the last; 30 days otherwise',
        },
        breakdown: { type: 'string', description: 'a visit: dimension, such as visit:source' },
        filters,
        timezone,
      },
      'site',
      'date_range',
      'steps',
    ),
    run: (ask, given) => ask('POST', '/api/v2/funnel', ofSite(given)),
  },
  {
    name: 'goals',
    title: 'Goals',
    description: 'Lists what counts as reaching a goal of a site; query can filter and group by event:goal.',
    inputSchema: schema({ site }, 'site'),
    run: (ask, given) => ask('GET', pathOf(given, 'goals')),
  },
  {
    name: 'ideas',
    title: 'Ideas and where they stand',
    description:
      'Lists the ideas that a site tests before they are built, each with how much interest it met, the bar it was to reach, and what is recommended.',
    inputSchema: schema({ site }, 'site'),
    run: (ask, given) => ask('GET', pathOf(given, 'ideas', 'portfolio')),
  },
  {
    name: 'idea_report',
    title: "An idea's evidence",
    description:
      'The whole report of one idea: each rung of its ladder of commitment with its interval, the probability that the bar is met, the cost of a wrong decision, what is wrong with the data, and the recommendation with its reasons.',
    inputSchema: schema(
      { site, idea: { type: 'string', description: "the idea's id, as the tool ideas lists it" } },
      'site',
      'idea',
    ),
    run: (ask, given) => ask('GET', pathOf(given, 'ideas', given.idea, 'report')),
  },
]
