import type {
  Filter,
  FilterOperator,
  Grade,
  Idea,
  IdeaDraft,
  IdeaTemplate,
  intendedDimensions,
  NamedDimension,
  NewIdea,
  Variant,
} from '@clickwatch/contract'
import { isNamedDimension } from '../../../names.ts'
import { numberIn } from '../../settings/fields.tsx'
import { type RuleDraft, ruleDraftOf, ruleOf } from '../../settings/rule-draft.ts'
import { type Place, templateLadder } from './ladders.ts'

export type RungDraft = { id: number; grade: Grade; label: string; rule: RuleDraft }
export type ConditionDraft = { id: number; dimension: NamedDimension; operator: FilterOperator; values: string[] }
/** A filter of the audience that this form has no fields for. It stays as it is, and where it is. */
export type KeptFilter = { id: number; kept: Filter }
export type MixDraft = { dimension: (typeof intendedDimensions)[number]; shares: { value: string; percent: string }[] }
/** undefined: nothing is said of it, which is neither an empty text nor an element that is to be seen. */
export type ChangeDraft = { id: number; selector: string; text: string | undefined; isHidden: boolean | undefined }
export type VariantDraft = {
  id: number
  key: string
  name: string
  weight: string
  url: string
  changes: ChangeDraft[]
}

/** An idea as it is typed: numbers as text, shares in per cent, and what is left out as what would be there. */
export type Draft = {
  template: IdeaTemplate
  name: string
  key: string
  /** Whether somebody typed it; until then it follows the name. */
  isKeyOwn: boolean
  hypothesis: string
  page: string
  element: string
  /** undefined: what the template makes of page and element. */
  ladder: RungDraft[] | undefined
  audience: (ConditionDraft | KeptFilter)[]
  mix: MixDraft[]
  barGrade: Grade
  barPercent: string
  budgetVisitors: string
  budgetDays: string
  costPerVisitor: string
  costToBuild: string
  valueOfConverter: string
  hasVariants: boolean
  variants: VariantDraft[]
  holdoutPercent: string
  exclusiveGroup: string
  hasDoor: boolean
  doorTitle: string
  doorText: string
  asksAddress: boolean
  /** What its door says beyond that, in whichever language; this form has no fields for it, and it stays as it is. */
  doorMore: Pick<NonNullable<NewIdea['door']>, 'lang' | 'labels'>
}

let lastId = 0
/** Tells rows of a form apart that may be alike. */
export const nextId = (): number => ++lastId

const placeOf = (draft: Draft, site: string): Place => ({
  page: draft.page.trim(),
  element: draft.element.trim(),
  door: `/idea/${site}/${draft.key}`,
})

export const ladderOf = (draft: Draft, site: string): RungDraft[] =>
  draft.ladder ??
  templateLadder(draft.template, placeOf(draft, site)).map(({ grade, rule }, place) => ({
    id: -place - 1,
    grade,
    label: '',
    rule: ruleDraftOf(rule),
  }))

/** 4 % as 0.04, without what binary fractions would add. */
const shareIn = (percent: string): number => {
  const moved = Number(`${percent.trim() || '0'}e-2`)
  return Number.isNaN(moved) ? Number(percent) / 100 : moved
}

/** A share as it is typed: its own digits, the point moved. What nobody changed must not look changed, to the last of them. */
const percentOf = (share: number): string => {
  const digits = /^0\.(\d+)$/.exec(String(share))?.[1]?.padEnd(2, '0')
  if (digits === undefined) return String(share * 100)
  const [before, after] = [digits.slice(0, 2), digits.slice(2)]
  return after === '' ? String(Number(before)) : `${Number(before)}.${after}`
}

const filled = (name: string, text: string): Record<string, string> =>
  text.trim() === '' ? {} : { [name]: text.trim() }
const amount = (name: string, text: string): Record<string, number> => {
  const number = numberIn(text)
  return number === undefined ? {} : { [name]: number }
}

const variantOf = ({ key, name, weight, url, changes }: VariantDraft): Variant => {
  const made = changes
    .filter(({ selector }) => selector.trim() !== '')
    .map(({ selector, text, isHidden }) => ({
      selector: selector.trim(),
      ...(text === undefined ? {} : { text }),
      ...(isHidden === undefined ? {} : { hidden: isHidden }),
    }))
  return {
    key,
    name: name.trim(),
    weight: Number(weight),
    ...filled('url', url),
    ...(made.length > 0 ? { changes: made } : {}),
  }
}

const filtersOf = (row: ConditionDraft | KeptFilter): Filter[] => {
  if ('kept' in row) return [row.kept]
  return row.values.length > 0 ? [[row.operator, row.dimension, row.values]] : []
}
const audienceOf = (draft: Draft): { audience?: Filter[] } => {
  const audience = draft.audience.flatMap(filtersOf)
  return audience.length > 0 ? { audience } : {}
}

const mixOf = ({ mix }: Draft): Pick<NewIdea, 'intended_mix'> => {
  const said = mix.filter(({ shares }) => shares.length > 0)
  if (said.length === 0) return {}
  return {
    intended_mix: said.map(({ dimension, shares }) => ({
      dimension,
      shares: Object.fromEntries(shares.map(({ value, percent }) => [value, shareIn(percent)])),
    })),
  }
}

const armsOf = (draft: Draft): Pick<NewIdea, 'variants' | 'holdout' | 'exclusive_group'> =>
  draft.hasVariants
    ? {
        variants: draft.variants.map(variantOf),
        ...(draft.holdoutPercent.trim() === '' ? {} : { holdout: shareIn(draft.holdoutPercent) }),
        ...filled('exclusive_group', draft.exclusiveGroup),
      }
    : {}

const rungsOf = (draft: Draft, site: string): NewIdea['ladder'] =>
  ladderOf(draft, site).map(({ grade, rule, label }) => ({ grade, rule: ruleOf(rule), ...filled('label', label) }))

const budgetOf = (draft: Draft): NewIdea['budget'] => ({
  ...amount('visitors', draft.budgetVisitors),
  ...amount('days', draft.budgetDays),
})

export const ideaOf = (draft: Draft, site: string): NewIdea => ({
  name: draft.name.trim(),
  key: draft.key,
  hypothesis: draft.hypothesis.trim(),
  template: draft.template,
  ladder: rungsOf(draft, site),
  ...audienceOf(draft),
  ...mixOf(draft),
  bar: { grade: draft.barGrade, rate: shareIn(draft.barPercent) },
  budget: budgetOf(draft),
  ...amount('cost_per_visitor', draft.costPerVisitor),
  ...amount('cost_to_build', draft.costToBuild),
  ...amount('value_of_converter', draft.valueOfConverter),
  ...armsOf(draft),
  ...(draft.hasDoor
    ? {
        door: {
          title: draft.doorTitle.trim(),
          text: draft.doorText,
          asks_address: draft.asksAddress,
          ...draft.doorMore,
        },
      }
    : {}),
})

/** As much of it as is needed to plan it. */
export const planOf = (draft: Draft, site: string): IdeaDraft => {
  const { variants, holdout } = armsOf(draft)
  const budget = budgetOf(draft)
  return {
    ladder: rungsOf(draft, site),
    ...audienceOf(draft),
    bar: { grade: draft.barGrade, rate: shareIn(draft.barPercent) },
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
    ...amount('cost_per_visitor', draft.costPerVisitor),
    ...amount('cost_to_build', draft.costToBuild),
    ...(variants ? { variants } : {}),
    ...(holdout === undefined ? {} : { holdout }),
  }
}

/** A filter as the form's fields, where they can say all of it. */
const conditionOf = (filter: Filter): ConditionDraft | KeptFilter => {
  const id = nextId()
  const [operator, dimension, values] = filter
  const isPlain = isNamedDimension(dimension) && dimension.startsWith('visit:') && filter.length === 3
  return isPlain && values?.every((value) => typeof value === 'string')
    ? { id, operator: operator as FilterOperator, dimension, values }
    : { id, kept: filter }
}

const numberText = (value: number | undefined): string => (value === undefined ? '' : String(value))

/** What a form of an idea that there is begins with. */
export const draftOf = (idea: Idea): Draft => ({
  template: idea.template,
  name: idea.name,
  key: idea.key,
  isKeyOwn: true,
  hypothesis: idea.hypothesis,
  page: '',
  element: '',
  ladder: idea.ladder.map(({ grade, label = '', rule }) => ({ id: nextId(), grade, label, rule: ruleDraftOf(rule) })),
  audience: (idea.audience ?? []).map(conditionOf),
  mix: (idea.intended_mix ?? []).map(({ dimension, shares }) => ({
    dimension,
    shares: Object.entries(shares).map(([value, share]) => ({ value, percent: percentOf(share) })),
  })),
  barGrade: idea.bar.grade,
  barPercent: percentOf(idea.bar.rate),
  budgetVisitors: numberText(idea.budget.visitors),
  budgetDays: numberText(idea.budget.days),
  costPerVisitor: numberText(idea.cost_per_visitor),
  costToBuild: numberText(idea.cost_to_build),
  valueOfConverter: numberText(idea.value_of_converter),
  hasVariants: idea.variants !== undefined,
  variants: (idea.variants ?? []).map(({ key, name, weight, url = '', changes = [] }) => ({
    id: nextId(),
    key,
    name,
    weight: String(weight),
    url,
    changes: changes.map(({ selector, text, hidden }) => ({ id: nextId(), selector, text, isHidden: hidden })),
  })),
  holdoutPercent: idea.holdout === undefined ? '' : percentOf(idea.holdout),
  exclusiveGroup: idea.exclusive_group ?? '',
  hasDoor: idea.door !== undefined,
  doorTitle: idea.door?.title ?? '',
  doorText: idea.door?.text ?? '',
  asksAddress: idea.door?.asks_address ?? true,
  doorMore: {
    ...(idea.door?.lang === undefined ? {} : { lang: idea.door.lang }),
    ...(idea.door?.labels === undefined ? {} : { labels: idea.door.labels }),
  },
})

/** A key made of a name: 'Export to PDF!' is export-to-pdf. */
export const keyOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
