import { type Idea, type LockedField, lockedFields, type NewIdea } from '@clickwatch/contract'
import { type Draft, draftOf, ideaOf } from './draft.ts'

/** A value as text that does not depend on the order in which its parts were written down. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  ) ?? ''

/** What a change would change of what is locked. */
export const changedLocks = (before: NewIdea, after: NewIdea): LockedField[] =>
  lockedFields.filter((field) => stable(before[field]) !== stable(after[field]))

const writtenOf = ({
  id,
  created_at,
  locked_at,
  counted_from,
  status,
  revisions,
  decisions,
  ...written
}: Idea): NewIdea => written

/**
 * An idea as it was changed in the form. A field that nobody touched is as it was written, where the form would have put it another way:
 * without the blanks at an end, or left out instead of empty.
 */
export const changedIdea = (idea: Idea, draft: Draft, site: string): NewIdea => {
  const written = writtenOf(idea)
  const [opened, typed] = [ideaOf(draftOf(idea), site), ideaOf(draft, site)]
  const untouched = Object.entries(written).filter(([name]) => {
    const field = name as keyof NewIdea
    return stable(opened[field]) === stable(typed[field])
  })
  return { ...typed, ...Object.fromEntries(untouched) }
}
