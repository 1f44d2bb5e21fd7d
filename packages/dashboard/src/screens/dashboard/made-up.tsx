import type { QueryAnswer } from '@clickwatch/contract'
import { TriangleAlert } from 'lucide-react'

/** Says of numbers that a part of them was made of imported sums, where the answer does. */
export const MadeUp = ({ meta }: { meta: QueryAnswer['meta'] }) =>
  meta.imports_warning === undefined ? null : (
    <p data-imports-warning className="mt-3 flex items-start gap-2 text-xs text-soft">
      <TriangleAlert size={14} aria-hidden className="mt-px shrink-0 text-fair" />
      {meta.imports_warning}
    </p>
  )
