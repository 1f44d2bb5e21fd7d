import { type Draft, ladderOf, type VariantDraft } from './draft.ts'
import { needsElement, needsPage } from './ladders.ts'

export const formSteps = ['idea', 'place', 'audience', 'bar', 'variants', 'door'] as const
export type FormStep = (typeof formSteps)[number]

export type ProblemCode =
  | 'missing'
  | 'key'
  | 'gradesRise'
  | 'needsSeen'
  | 'barGrade'
  | 'barRate'
  | 'budget'
  | 'shares'
  | 'variantKey'
  | 'sameKey'
  | 'weight'
  | 'holdout'
  | 'fewVariants'
/** What is wrong, by the field's name as the server has it; of where it is shown, `place/page` and `place/element`. */
export type Problems = Partial<Record<string, ProblemCode>>

/** The step that has a field, by the first part of the field's name. */
const stepByField: Record<string, FormStep> = {
  template: 'idea',
  name: 'idea',
  key: 'idea',
  hypothesis: 'idea',
  place: 'place',
  ladder: 'place',
  audience: 'audience',
  intended_mix: 'audience',
  bar: 'bar',
  budget: 'bar',
  cost_per_visitor: 'bar',
  cost_to_build: 'bar',
  value_of_converter: 'bar',
  variants: 'variants',
  holdout: 'variants',
  exclusive_group: 'variants',
  door: 'door',
}
export const stepOf = (field: string): FormStep | undefined => stepByField[field.split('/')[0] ?? '']

const gradeOrder = ['seen', 'attention', 'click', 'intent', 'payment']
const keyPattern = /^[a-z0-9][a-z0-9-]{0,59}$/
const variantKeyPattern = /^[a-z0-9][a-z0-9_-]{0,39}$/
const isBlank = (text: string): boolean => text.trim() === ''

const ofIdea = (draft: Draft): Problems => ({
  ...(isBlank(draft.name) ? { name: 'missing' } : {}),
  ...(keyPattern.test(draft.key) ? {} : { key: draft.key === '' ? 'missing' : 'key' }),
})

const ofPlace = (draft: Draft, site: string): Problems => {
  const ladder = ladderOf(draft, site)
  if (!draft.ladder)
    return {
      ...(needsPage[draft.template] && isBlank(draft.page) ? { 'place/page': 'missing' } : {}),
      ...(needsElement[draft.template] && isBlank(draft.element) ? { 'place/element': 'missing' } : {}),
    }
  const found: Problems = {}
  for (const [place, { rule, grade }] of ladder.entries()) {
    const { type, path, element, eventName } = rule
    if ((type === 'page' || type === 'scroll') && isBlank(path)) found[`ladder/${place}/rule/path`] = 'missing'
    if (type === 'element' && isBlank(element)) found[`ladder/${place}/rule/element`] = 'missing'
    if (type === 'event' && isBlank(eventName)) found[`ladder/${place}/rule/event_name`] = 'missing'
    const before = ladder[place - 1]
    if (before && gradeOrder.indexOf(before.grade) >= gradeOrder.indexOf(grade))
      found[`ladder/${place}/grade`] = 'gradesRise'
  }
  if (ladder[0]?.grade !== 'seen') found['ladder/0/grade'] = 'needsSeen'
  return found
}

const ofAudience = ({ mix }: Draft): Problems =>
  Object.fromEntries(
    [...mix.entries()].flatMap(([place, { shares }]) => {
      const sum = shares.reduce((all, { percent }) => all + Number(percent), 0)
      return shares.length === 0 || (sum > 0 && sum < 100.1) ? [] : [[`intended_mix/${place}`, 'shares' as const]]
    }),
  )

const ofBar = (draft: Draft, site: string): Problems => {
  const rate = Number(draft.barPercent)
  const hasGrade = ladderOf(draft, site).some(({ grade }) => grade === draft.barGrade && grade !== 'seen')
  return {
    ...(hasGrade ? {} : { 'bar/grade': 'barGrade' }),
    ...(rate > 0 && rate < 100 ? {} : { 'bar/rate': 'barRate' }),
    ...(isBlank(draft.budgetVisitors) && isBlank(draft.budgetDays) ? { 'budget/visitors': 'budget' } : {}),
  }
}

const ofVariant = ({ key, name, weight }: VariantDraft, place: number, all: readonly VariantDraft[]): Problems => ({
  ...(isBlank(name) ? { [`variants/${place}/name`]: 'missing' } : {}),
  ...(variantKeyPattern.test(key) ? {} : { [`variants/${place}/key`]: 'variantKey' }),
  ...(all.findIndex((each) => each.key === key) < place ? { [`variants/${place}/key`]: 'sameKey' } : {}),
  ...(Number(weight) > 0 && Number(weight) <= 1000 ? {} : { [`variants/${place}/weight`]: 'weight' }),
})

const ofVariants = ({ hasVariants, variants, holdoutPercent }: Draft): Problems =>
  hasVariants
    ? {
        ...Object.assign({}, ...variants.map(ofVariant)),
        ...(variants.length < 2 ? { variants: 'fewVariants' } : {}),
        ...(Number(holdoutPercent) >= 0 && Number(holdoutPercent) <= 90 ? {} : { holdout: 'holdout' }),
      }
    : {}

const ofDoor = ({ hasDoor, doorTitle }: Draft): Problems =>
  hasDoor && isBlank(doorTitle) ? { 'door/title': 'missing' } : {}

/** What would have to be filled in or put right before it can be kept. */
export const problemsOf = (draft: Draft, site: string): Problems => ({
  ...ofIdea(draft),
  ...ofPlace(draft, site),
  ...ofAudience(draft),
  ...ofBar(draft, site),
  ...ofVariants(draft),
  ...ofDoor(draft),
})

/** Whether enough is right for a plan: where it is shown, how high the bar, and its variants. */
export const canBePlanned = (problems: Problems): boolean =>
  Object.keys(problems).every((field) => ['idea', 'door'].includes(stepOf(field) ?? ''))
