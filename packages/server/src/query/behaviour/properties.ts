import type { PropertiesAnswer } from '@clickwatch/contract'
import { eventsWhere, type Question } from './question.ts'

const defaultLimit = 100

/** The properties that events carry, those with the most events first. Of engagement they are what the tracker measured, by no name of the site's. */
export const askProperties = async (question: Question, limit = defaultLimit): Promise<PropertiesAnswer> => {
  const { store, scope } = question
  const properties = await store.query<PropertiesAnswer['properties'][number]>(
    `SELECT toString(property) AS property, count() AS events, uniqExact(visitor_id) AS visitors
     FROM silver.events FINAL
     ARRAY JOIN mapKeys(props) AS property
     WHERE ${eventsWhere(question)} AND type != 'engagement'
     GROUP BY property
     ORDER BY events DESC, property
     LIMIT ${scope.bound.add(limit, 'Int64')}`,
    scope.bound.parameters,
  )
  return { properties }
}
