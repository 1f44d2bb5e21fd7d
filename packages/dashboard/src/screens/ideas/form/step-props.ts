import type { ErrorOf } from '../../settings/fields.tsx'
import type { Draft } from './draft.ts'

/** What every step of the form gets. */
export type StepProps = {
  site: string
  /** Whether there is no such idea yet. */
  isNew: boolean
  draft: Draft
  change: (change: Partial<Draft>) => void
  errorOf: ErrorOf
}
