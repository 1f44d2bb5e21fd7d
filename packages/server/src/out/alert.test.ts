import type { AlertRule } from '@clickwatch/contract'
import { expect, it } from 'vitest'
import { judge, usualOf } from './alert.ts'

it('what is usual is the middle of the weeks before', () => {
  expect(usualOf([100, 110, 90, 4000])).toBe(105)
  expect(usualOf([10, 30, 20])).toBe(20)
  expect(usualOf([0, 0, 0, 0])).toBeUndefined()
})

const spike: AlertRule = { type: 'spike', times: 3 }
const drop: AlertRule = { type: 'drop', to_share: 0.5, at_least: 20 }

it.each<[string, AlertRule, number, number[], boolean]>([
  ['three times the usual', spike, 300, [100, 100, 100, 100], true],
  ['less than three times', spike, 299, [100, 100, 100, 100], false],
  ['many times next to nothing', spike, 9, [1, 1, 1, 1], false],
  ['no weeks before', spike, 500, [0, 0, 0, 0], false],
  ['half of the usual', drop, 50, [100, 100, 100, 100], true],
  ['more than half', drop, 51, [100, 100, 100, 100], false],
  ['nothing where there is never much', drop, 0, [19, 19, 19, 19], false],
  ['a goal reached once', { type: 'goal', goal: 'g' }, 1, [], true],
  ['a goal not reached so often', { type: 'goal', goal: 'g', times: 5 }, 4, [], false],
  ['nothing for so long', { type: 'silence', minutes: 30 }, 0, [], true],
  ['one event in time', { type: 'silence', minutes: 30 }, 1, [], false],
])('of %s an alert says what is so', (_what, rule, current, earlier, isOn) => {
  expect(judge(rule, { current, earlier }, 'Sign-up').isOn).toBe(isOn)
})

it('says it in a sentence', () => {
  expect(judge(spike, { current: 300, earlier: [100, 90, 110, 100] }, '').sentence).toBe(
    '300 visitors in the last hour; usual at this time is 100.',
  )
  expect(judge({ type: 'silence', minutes: 30 }, { current: 0, earlier: [] }, '').sentence).toBe(
    'Nothing was heard in the last 30 minutes.',
  )
})
