import type { GoalRule } from '@clickwatch/contract'
import type { Bound } from './bound.ts'
import { type Layer, within } from './layers.ts'

/** RE2 of a path in which * stands for anything but '/', and ** for anything. */
const patternOf = (path: string): string =>
  `^${path
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')))
    .join('')}$`

/** Whether a column holds a path that a rule names. */
export const onPath = (path: string, bound: Bound, column = 'path'): string =>
  path.includes('*')
    ? `match(${column}, ${bound.add(patternOf(path), 'String')})`
    : `${column} = ${bound.add(path, 'String')}`
const onAnyPath = (path: string | undefined, bound: Bound): string[] =>
  path === undefined ? [] : [onPath(path, bound)]

const elementActions = "('click', 'hover', 'cta_seen', 'rage_click')"

/** Whether gold knows when such a goal was reached: by page, event, element or form. */
export const isGoalInGold = ({ type }: GoalRule): boolean => ['page', 'event', 'element', 'form'].includes(type)

/** Whether what is rolled up by what was done knows it, too: by a page, an event, or an element or form wherever it is. */
export const isGoalRolledUp = (rule: GoalRule): boolean =>
  rule.type === 'page' ||
  rule.type === 'event' ||
  ((rule.type === 'element' || rule.type === 'form') && rule.path === undefined)

/**
 * SQL that holds of the events with which a goal is reached, over unaliased columns of the layer's events. A page is scrolled so far
 * once a visit, and so much read once a visit, with the event that makes it so.
 * Its statement has the parameters `site`, `from_ms` and `to_ms`.
 */
export const goalCondition = (rule: GoalRule, bound: Bound, { events }: Pick<Layer, 'events'>): string => {
  const all = (...conditions: string[]): string => `(${conditions.join(' AND ')})`
  switch (rule.type) {
    case 'page':
      return all("type = 'page_view'", onPath(rule.path, bound))
    case 'event':
      return all("type = 'custom'", `name = ${bound.add(rule.event_name, 'String')}`)
    case 'element':
      return all(
        rule.action === undefined ? `type IN ${elementActions}` : `type = ${bound.add(rule.action, 'String')}`,
        `element_id = ${bound.add(rule.element, 'String')}`,
        ...onAnyPath(rule.path, bound),
      )
    case 'form':
      return all(
        "type = 'submit'",
        ...(rule.element === undefined ? [] : [`element_id = ${bound.add(rule.element, 'String')}`]),
        ...onAnyPath(rule.path, bound),
      )
    case 'revenue':
      return all(
        "currency != ''",
        ...(rule.event_name === undefined ? [] : [`name = ${bound.add(rule.event_name, 'String')}`]),
        `toFloat64(revenue) >= ${bound.add(rule.at_least ?? 0, 'Float64')}`,
      )
    case 'scroll': {
      const where = [
        ...within(events.time),
        onPath(rule.path, bound),
        `scroll_depth >= ${bound.add(rule.depth, 'Int64')}`,
      ]
      return `(visitor_id, event_id) IN (
        SELECT visitor_id, argMin(event_id, (time, seq, event_id)) FROM ${events.from} WHERE ${where.join(' AND ')}
        GROUP BY visitor_id, session_id, path)`
    }
    case 'time': {
      const where = [...within(events.time), 'engaged_ms > 0', ...onAnyPath(rule.path, bound)]
      const wanted = bound.add(rule.seconds * 1000, 'Int64')
      return `(visitor_id, event_id) IN (
        SELECT visitor_id, event_id FROM (
          SELECT visitor_id, event_id, engaged_ms, sum(toInt64(engaged_ms)) OVER (
            PARTITION BY visitor_id, session_id ORDER BY time, seq, event_id ROWS UNBOUNDED PRECEDING) AS engaged
          FROM ${events.from} WHERE ${where.join(' AND ')})
        WHERE engaged >= ${wanted} AND engaged - toInt64(engaged_ms) < ${wanted})`
    }
  }
}
