import { type Filter, grades, type IdeaDraft, type NewIdea } from '@clickwatch/contract'
import { invalidField } from '../errors.ts'
import { holdoutVariant, onlyVariant } from './moments.ts'

// What has to hold of an idea beyond its schema. Each check throws what it has to say, naming the field.

const checkLadder = ({ ladder }: Pick<NewIdea, 'ladder'>): void => {
  if (ladder[0]?.grade !== 'seen') throw invalidField('ladder/0/grade', "is expected to be 'seen'")
  for (const [index, { grade }] of ladder.entries()) {
    const before = ladder[index - 1]
    if (before && grades.indexOf(grade) <= grades.indexOf(before.grade)) {
      throw invalidField(`ladder/${index}/grade`, `is expected to be above '${before.grade}'`)
    }
  }
}

const checkBar = ({ ladder, bar }: Pick<NewIdea, 'ladder' | 'bar'>): void => {
  const above = ladder.slice(1).map(({ grade }) => grade)
  if (!above.includes(bar.grade))
    throw invalidField('bar/grade', `is expected to be a rung of the ladder: ${above.join(', ')}`)
}

const checkAudience = (audience: readonly Filter[]): void => {
  const check = (filter: Filter, at: string): void => {
    switch (filter[0]) {
      case 'and':
      case 'or':
        for (const [index, each] of filter[1].entries()) check(each, `${at}/1/${index}`)
        return
      case 'not':
        check(filter[1], `${at}/1`)
        return
      case 'has_done':
      case 'has_not_done':
        throw invalidField(at, 'is expected to be about the visit, not about what was done')
      default:
        // A segment may change without a word, and the audience with it.
        if (!filter[1].startsWith('visit:')) throw invalidField(`${at}/1`, 'is expected to be a visit: dimension')
    }
  }
  for (const [index, filter] of audience.entries()) check(filter, `audience/${index}`)
}

const checkMix = (mix: NonNullable<NewIdea['intended_mix']>): void => {
  for (const [index, { dimension, shares }] of mix.entries()) {
    const at = `intended_mix/${index}`
    if (mix.findIndex((other) => other.dimension === dimension) < index) {
      throw invalidField(`${at}/dimension`, 'is there twice')
    }
    const sum = Object.values(shares).reduce((all, share) => all + share, 0)
    if (sum > 1 + 1e-6 || sum <= 0) throw invalidField(`${at}/shares`, 'are expected to add up to 1, or less')
    const unknown = Object.keys(shares).find((value) => value !== 'new' && value !== 'returning')
    if (dimension === 'visit:returning' && unknown !== undefined) {
      throw invalidField(`${at}/shares/${unknown}`, "is expected to be 'new' or 'returning'")
    }
  }
}

const anyOrigin = 'https://site.invalid'
/** A path as browsers take one: `//host`, `/\\host` and the like name another host. */
const isOnSite = (url: string): boolean =>
  url.startsWith('/') && URL.canParse(url, anyOrigin) && new URL(url, anyOrigin).origin === anyOrigin

const checkVariants = ({ variants, holdout, exclusive_group, ladder }: Partial<NewIdea>): void => {
  if (variants === undefined) {
    if (holdout !== undefined && holdout > 0) throw invalidField('holdout', 'is expected to come with variants')
    if (exclusive_group !== undefined) throw invalidField('exclusive_group', 'is expected to come with variants')
    return
  }
  for (const [index, { key, url, changes = [] }] of variants.entries()) {
    const at = `variants/${index}`
    if (key === holdoutVariant || key === onlyVariant)
      throw invalidField(`${at}/key`, `'${key}' means something else already`)
    if (variants.findIndex((other) => other.key === key) < index) throw invalidField(`${at}/key`, 'is there twice')
    if (url !== undefined && !isOnSite(url)) throw invalidField(`${at}/url`, "is expected to be a path, from '/' on")
    const empty = changes.findIndex((change) => change.text === undefined && change.hidden === undefined)
    if (empty >= 0) throw invalidField(`${at}/changes/${empty}`, 'is expected to have text or hidden')
  }
  const seen = ladder?.[0]?.rule
  const isSplit = variants.some(({ url }) => url !== undefined)
  const hasPage = seen?.type === 'page' && !seen.path.includes('*')
  if (isSplit && variants[0]?.url === undefined && !hasPage) {
    throw invalidField('variants/0/url', 'is missing: where are those from whom the others are sent on?')
  }
}

/** Checks as much of an idea as is needed to plan it. */
export const checkDraft = (draft: IdeaDraft): void => {
  checkLadder(draft)
  checkBar(draft)
  checkAudience(draft.audience ?? [])
  checkVariants(draft)
}

export const checkIdea = (idea: NewIdea): void => {
  checkDraft(idea)
  checkMix(idea.intended_mix ?? [])
  if (idea.budget.visitors === undefined && idea.budget.days === undefined) {
    throw invalidField('budget', 'is expected to have visitors or days')
  }
}
