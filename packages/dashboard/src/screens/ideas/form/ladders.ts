import type { GoalRule, Grade, IdeaTemplate } from '@clickwatch/contract'

/** Where an idea is shown, and the page behind its door. */
export type Place = { page: string; element: string; door: string }
type Step = { grade: Grade; rule: GoalRule }

const done = (element: string, page: string, action: 'cta_seen' | 'hover' | 'click'): GoalRule => ({
  type: 'element',
  element,
  action,
  ...(page === '' ? {} : { path: page }),
})

/** Which templates ask for an element, and cannot do without. */
export const needsElement: Record<IdeaTemplate, boolean> = {
  fake_door: true,
  landing_page: false,
  price_test: true,
  two_pitches: true,
  waiting_list: true,
}
/** Which ask for a page; a door's element may be on every page. */
export const needsPage: Record<IdeaTemplate, boolean> = {
  fake_door: false,
  landing_page: true,
  price_test: false,
  two_pitches: true,
  waiting_list: true,
}

const clicked = ({ element, page }: Place): Step[] =>
  element === '' ? [] : [{ grade: 'click', rule: done(element, page, 'click') }]
const leftAddress = ({ door }: Place): Step => ({ grade: 'intent', rule: { type: 'form', path: door } })

const ladders: Record<IdeaTemplate, (place: Place) => Step[]> = {
  fake_door: (place) => [
    { grade: 'seen', rule: done(place.element, place.page, 'cta_seen') },
    { grade: 'attention', rule: done(place.element, place.page, 'hover') },
    ...clicked(place),
    leftAddress(place),
  ],
  landing_page: (place) => [
    { grade: 'seen', rule: { type: 'page', path: place.page } },
    { grade: 'attention', rule: { type: 'scroll', path: place.page, depth: 50 } },
    ...clicked(place),
    { grade: 'intent', rule: { type: 'form', path: place.page } },
  ],
  price_test: (place) => [
    { grade: 'seen', rule: done(place.element, place.page, 'cta_seen') },
    ...clicked(place),
    leftAddress(place),
  ],
  two_pitches: (place) => [
    { grade: 'seen', rule: { type: 'page', path: place.page } },
    { grade: 'attention', rule: { type: 'scroll', path: place.page, depth: 50 } },
    ...clicked(place),
  ],
  waiting_list: (place) => [
    { grade: 'seen', rule: { type: 'page', path: place.page } },
    ...clicked(place),
    leftAddress(place),
  ],
}

/** What counts as interest, in rising order of what it costs the visitor, as a template has it. */
export const templateLadder = (template: IdeaTemplate, place: Place): Step[] => ladders[template](place)
