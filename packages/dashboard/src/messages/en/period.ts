/** What time is shown, and what it is compared with. */
export const period = {
  period: 'Period',
  custom: 'Custom dates',
  earlier: 'Earlier',
  later: 'Later',
  monthBefore: 'The month before',
  monthAfter: 'The month after',
  pickFirst: 'Pick the first day, then the last.',
  pickLast: 'From {day} until …',
  compare: 'Comparison',
  modes: {
    off: 'No comparison',
    previous_period: 'Previous period',
    year_over_year: 'Same period last year',
    custom: 'Custom dates',
  },
  compareWith: 'vs. {what}',
  matchWeekday: 'Match day of week',
  matchAbout: 'Mondays stand beside Mondays',
  step: 'Step',
  fitting: 'Auto',
} as const
