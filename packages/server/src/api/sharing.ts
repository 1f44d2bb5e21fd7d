import { type DateRange, type Filter, NewLink } from '@clickwatch/contract'
import type { FastifyInstance } from 'fastify'
import { invalidField } from '../errors.ts'
import type { Links } from '../metadata/links.ts'
import { parseQuery } from '../query/run.ts'
import { isDay } from '../time-zone.ts'
import { addNoun } from './kept.ts'

/** Holds filters and a range against what a query may have: what is kept now is asked later, when nobody reads an error. */
const checkScope = (site: string, filters: Filter[] | undefined, dateRange: DateRange = 'all'): void => {
  parseQuery({ site_id: site, metrics: ['visitors'], date_range: dateRange, ...(filters ? { filters } : {}) })
}

/** `/api/sites/:site/links`: who else may look, at what, for how long. */
export const addLinkRoutes = (server: FastifyInstance, links: Links): void => {
  addNoun<NewLink>(server, 'links', {
    schema: NewLink,
    kept: links,
    async check(site, { expires_at, filters, date_range }) {
      if (expires_at !== undefined && !isDay(expires_at)) throw invalidField('expires_at', 'is no date of the calendar')
      checkScope(site, filters, date_range)
    },
  })
}
