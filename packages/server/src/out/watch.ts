import type { DateRange, Goal, NewAlert, Query, SiteViewAnswer } from '@clickwatch/contract'
import { type Figures, judge, type Verdict } from './alert.ts'
import type { Ask } from './ask.ts'
import type { Message } from './message.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const weekMs = 7 * 24 * hourMs
const weeksBefore = 4

const between = (fromMs: number, toMs: number): DateRange => [
  new Date(fromMs).toISOString(),
  new Date(toMs).toISOString(),
]

/** Asks for the numbers that an alert's rule is held against, and holds it. */
export const watch = async (
  alert: NewAlert,
  site: string,
  { ask, nowMs, goalOf }: { ask: Ask; nowMs: number; goalOf: (id: string) => Promise<Goal | undefined> },
): Promise<Verdict> => {
  const { rule, filters } = alert
  const count = async (metric: 'visitors' | 'events', dateRange: DateRange): Promise<number> => {
    const query: Query = { site_id: site, metrics: [metric], date_range: dateRange, ...(filters ? { filters } : {}) }
    return (await ask(query, nowMs)).results[0]?.metrics[0] ?? 0
  }
  const lastHour = (weeks: number): Promise<number> => {
    const untilMs = nowMs - weeks * weekMs
    return count('visitors', between(untilMs - hourMs, untilMs))
  }
  switch (rule.type) {
    case 'spike':
    case 'drop': {
      const [current = 0, ...earlier] = await Promise.all(
        Array.from({ length: weeksBefore + 1 }, (_, weeks) => lastHour(weeks)),
      )
      return judge(rule, { current, earlier }, '')
    }
    case 'silence':
      return judge(rule, none(await count('events', between(nowMs - rule.minutes * minuteMs, nowMs))), '')
    case 'goal': {
      const goal = await goalOf(rule.goal)
      if (!goal) return { isOn: false, sentence: 'The goal it watches is gone.' }
      const { results } = await ask(
        {
          site_id: site,
          metrics: ['conversions'],
          dimensions: ['event:goal'],
          date_range: 'day',
          filters: [...(filters ?? []), ['is', 'event:goal', [goal.name]]],
        },
        nowMs,
      )
      const row = results.find(({ dimensions }) => dimensions[0] === goal.name)
      return judge(rule, none(row?.metrics[0] ?? 0), goal.name)
    }
  }
}

const none = (current: number): Figures => ({ current, earlier: [] })

/** What an alert says. A test says that it is one. */
export const alertMessage = (
  alert: NewAlert,
  { site, name }: SiteViewAnswer,
  sentence: string,
  { isTest, nowMs }: { isTest: boolean; nowMs: number },
): Message => ({
  subject: `${isTest ? 'Test: ' : ''}${name}: ${alert.name}`,
  lines: [sentence, ...(alert.note ? [alert.note] : []), ...(isTest ? ['This is a test; nothing happened.'] : [])],
  facts: {
    type: 'alert',
    site,
    name: alert.name,
    rule: alert.rule,
    sentence,
    is_test: isTest,
    at: new Date(nowMs).toISOString(),
  },
})
