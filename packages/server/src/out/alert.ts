import type { AlertRule } from '@clickwatch/contract'

/** The numbers that a rule is held against. */
export type Figures = {
  /** What is watched: visitors of the last hour, how often the goal was reached today, events since so many minutes. */
  current: number
  /** Visitors of the same hour of the week, of the weeks before, the latest first. */
  earlier: readonly number[]
}

/** Whether what a rule watches for is so, and the sentence that tells it. */
export type Verdict = { isOn: boolean; sentence: string }

// Of a handful of visitors, twice as many is nothing.
const fewest = 10

/** The middle of the weeks before: one odd week among them does not count. undefined where none of them had anybody. */
export const usualOf = (earlier: readonly number[]): number | undefined => {
  const sorted = earlier.toSorted((a, b) => a - b)
  if ((sorted.at(-1) ?? 0) === 0) return undefined
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const counted = (count: number, noun: string): string => `${number.format(count)} ${noun}${count === 1 ? '' : 's'}`

/** @param goalName what a goal's rule calls its goal */
export const judge = (rule: AlertRule, { current, earlier }: Figures, goalName: string): Verdict => {
  switch (rule.type) {
    case 'spike': {
      const usual = usualOf(earlier)
      const isOn = usual !== undefined && current >= (rule.at_least ?? fewest) && current >= rule.times * usual
      return { isOn, sentence: beside(current, usual) }
    }
    case 'drop': {
      const usual = usualOf(earlier)
      const isOn = usual !== undefined && usual >= (rule.at_least ?? fewest) && current <= rule.to_share * usual
      return { isOn, sentence: beside(current, usual) }
    }
    case 'goal':
      return {
        isOn: current >= (rule.times ?? 1),
        sentence: `The goal '${goalName}' was reached ${counted(current, 'time')} today.`,
      }
    case 'silence': {
      const isOn = current === 0
      const inTime = `in the last ${counted(rule.minutes, 'minute')}`
      return { isOn, sentence: isOn ? `Nothing was heard ${inTime}.` : `${counted(current, 'event')} ${inTime}.` }
    }
  }
}

const beside = (current: number, usual: number | undefined): string => {
  const now = `${counted(current, 'visitor')} in the last hour`
  return usual === undefined
    ? `${now}; there are no weeks before to compare with.`
    : `${now}; usual at this time is ${number.format(usual)}.`
}
