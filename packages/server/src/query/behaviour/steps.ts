import type { EventType, Filter, FunnelQuery, FunnelStep, Goal, GoalRule } from '@clickwatch/contract'
import { invalidField } from '../../errors.ts'
import type { Bound } from '../bound.ts'
import { goalCondition } from '../goals.ts'
import { silver } from '../layers.ts'
import { type Context, eventCondition } from '../scope.ts'
import type { Funnel } from './funnel.ts'

const defaultWindowS = 30 * 86_400

const kindsOfGoal: Record<GoalRule['type'], readonly EventType[]> = {
  page: ['page_view'],
  event: ['custom'],
  element: ['click', 'hover', 'cta_seen', 'rage_click'],
  form: ['submit'],
  scroll: ['page_view'],
  revenue: ['custom'],
  time: ['page_view'],
}

/** The kinds of event that a filter speaks of by name; none where it speaks of anything on some page. */
const kindsOfFilter = (filter: Filter): readonly string[] => {
  switch (filter[0]) {
    case 'and':
    case 'or':
      return filter[1].flatMap(kindsOfFilter)
    case 'is':
      if (filter[1] === 'event:type') return filter[2].map(String)
      if (filter[1] === 'event:name') return ['custom']
      return filter[1] === 'event:element' ? ['click', 'submit'] : []
    default:
      return []
  }
}

type Step = { name: string; condition: string; kinds: readonly string[] }

const stepOf = (step: FunnelStep, field: string, context: Pick<Context, 'goals' | 'segments'>, bound: Bound): Step => {
  const { name, goal: id, filter } = step
  if ((id === undefined) === (filter === undefined)) {
    throw invalidField(field, 'is expected to have either goal or filter')
  }
  if (filter !== undefined) {
    const kinds = kindsOfFilter(filter)
    return {
      name: name || describe(filter),
      condition: `(${eventCondition([filter], context, bound, `${field}/filter`)})`,
      kinds: kinds.length > 0 ? kinds : ['page_view'],
    }
  }
  const goal = context.goals.find((each) => each.id === id)
  if (!goal) throw invalidField(`${field}/goal`, 'is no goal of this site')
  return { name: name || goal.name, condition: goalCondition(goal.rule, bound, silver), kinds: kindsOf(goal) }
}

const kindsOf = ({ rule }: Goal): readonly string[] =>
  rule.type === 'element' && rule.action !== undefined ? [rule.action] : kindsOfGoal[rule.type]

/** What a step without a name is called: the values that it asks for. */
const describe = (filter: Filter): string => {
  switch (filter[0]) {
    case 'and':
    case 'or':
      return filter[1].map(describe).join(filter[0] === 'and' ? ', ' : ' or ')
    case 'not':
    case 'has_not_done':
      return `not ${describe(filter[1])}`
    case 'has_done':
      return describe(filter[1])
    default:
      return `${filter[0].endsWith('_not') ? 'not ' : ''}${filter[2].join(' or ')}`
  }
}

/**
 * A funnel as it is asked for, with its steps as SQL. Where nothing may come between two steps, that is nothing of the kinds that
 * the steps are of: between two pages another page, but not the click that led there.
 * @throws {ClickWatchError} 400 naming the step
 */
export const funnelOf = (
  { steps, order, window_s }: Pick<FunnelQuery, 'steps' | 'order' | 'window_s'>,
  context: Pick<Context, 'goals' | 'segments'>,
  bound: Bound,
): Funnel => {
  const resolved = steps.map((step, index) => stepOf(step, `steps/${index}`, context, bound))
  const kinds = [...new Set(resolved.flatMap((step) => step.kinds))]
  return {
    steps: resolved,
    between: order === 'strict' ? `type IN ${bound.add(kinds, 'Array(String)')}` : undefined,
    windowS: window_s ?? defaultWindowS,
  }
}
