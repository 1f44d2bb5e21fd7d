import type { OwnQuestion } from '../store.ts'
import { ownSettings } from './question.ts'

// Somebody's own SQL is answered in a session that has given up everything but to read the console's views of one site, before it is given
// that SQL: what may be read is up to the account's grants, which site up to a setting that nothing in the session changes any more.

/** A view knows its site by the comment of the question that reads it, behind the name of that question. */
const siteOfComment = "substring(getSetting('log_comment'), 38)"

/** What a view shows of its table. As a part of reading: whatever else is asked is asked of what it lets through. */
export const viewCondition = `PREWHERE site = ${siteOfComment}`

/**
 * A question is carried out as it is written, from the inside to the outside: moved about, what it computes would be tried on rows before
 * the view has left out those of other sites, and an error would tell of them. What a version of ClickHouse does not know, it does not do.
 */
export const asWritten: Readonly<Record<string, number>> = {
  query_plan_enable_optimizations: 0,
  enable_join_runtime_filters: 0,
  analyzer_inline_views: 0,
  enable_optimize_predicate_expression: 0,
  // Which parts are read is decided by conditions too. Their months and statistics would be computed with; the least and the most of a
  // column, and what rows are sorted by, are only compared.
  use_partition_pruning: 0,
  use_statistics_for_part_pruning: 0,
}

/**
 * What a session is to be told before it is given somebody's SQL, in this order.
 * @param name of the question, a UUID, by which it is ended
 * @param known the settings of `asWritten` that this ClickHouse has
 */
export const lockUp = ({ site, bounds }: OwnQuestion, name: string, known: readonly string[]): string[] => {
  // SET takes no parameters. Site ids hold letters, digits, '.', '_' and '-' alone.
  if (!/^[\w.-]+$/.test(site)) throw new Error(`'${site}' is no site id`)
  const fixed = Object.entries(asWritten).filter(([setting]) => known.includes(setting))
  const settings = [...fixed, ...Object.entries(ownSettings(bounds))].map(([setting, value]) => `${setting} = ${value}`)
  return [
    `SET ${settings.join(', ')}, log_comment = '${name} ${site}'`,
    // From here on nothing can be set any more, this neither.
    'SET readonly = 1',
  ]
}
