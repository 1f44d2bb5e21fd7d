import type { Grade, IdeaTemplate } from '@clickwatch/contract'
import type { useTranslations } from 'use-intl'
import { type Draft, nextId, type VariantDraft } from './draft.ts'

type Filling = {
  grade: Grade
  /** A bar to begin with, in per cent; what similar tests in the field ask for. */
  percent: number
  visitors: number
  days: number
  hasVariants: boolean
  hasDoor: boolean
}
const fillings: Record<IdeaTemplate, Filling> = {
  fake_door: { grade: 'intent', percent: 2, visitors: 2000, days: 28, hasVariants: false, hasDoor: true },
  landing_page: { grade: 'intent', percent: 5, visitors: 1000, days: 21, hasVariants: false, hasDoor: false },
  price_test: { grade: 'intent', percent: 2, visitors: 4000, days: 28, hasVariants: true, hasDoor: true },
  two_pitches: { grade: 'click', percent: 8, visitors: 2000, days: 21, hasVariants: true, hasDoor: false },
  waiting_list: { grade: 'intent', percent: 10, visitors: 1000, days: 21, hasVariants: false, hasDoor: true },
}

const blankVariant = (key: string, name: string): VariantDraft => ({
  id: nextId(),
  key,
  name,
  weight: '1',
  url: '',
  changes: [],
})

/** A form's beginning, with everything but what only its author knows. */
export const draftFrom = (template: IdeaTemplate, t: ReturnType<typeof useTranslations<'ideas.templates'>>): Draft => {
  const { grade, percent, visitors, days, hasVariants, hasDoor } = fillings[template]
  return {
    template,
    name: '',
    key: '',
    isKeyOwn: false,
    hypothesis: '',
    page: '',
    element: '',
    ladder: undefined,
    audience: [],
    mix: [],
    barGrade: grade,
    barPercent: String(percent),
    budgetVisitors: String(visitors),
    budgetDays: String(days),
    costPerVisitor: '',
    costToBuild: '',
    valueOfConverter: '',
    hasVariants,
    variants: [
      blankVariant('a', t(`${template}.first`)),
      { ...blankVariant('b', t(`${template}.second`)), changes: [] },
    ],
    holdoutPercent: '',
    exclusiveGroup: '',
    hasDoor,
    doorTitle: t('door.title'),
    doorText: t('door.text'),
    asksAddress: true,
    doorMore: {},
  }
}

export const newVariant = (draft: Draft, name: string): VariantDraft => {
  const taken = new Set(draft.variants.map(({ key }) => key))
  const key = [...'abcdefghij'].find((each) => !taken.has(each)) ?? `v${draft.variants.length + 1}`
  return blankVariant(key, name)
}
