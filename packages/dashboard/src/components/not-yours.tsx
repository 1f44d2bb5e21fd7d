import { Lock } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { Rights } from '../api/rights.ts'

/** Says to whoever may not do something who may; nothing to whoever may, and as long as it is not known. */
export const NotYours = (props: { rights: Rights; needed: 'mayWrite' | 'mayManage' | 'mayManageAll' }) => {
  const { rights, needed } = props
  const t = useTranslations('shell')
  if (!rights.isKnown || rights[needed]) return null
  return (
    <p
      data-not-yours
      className="flex items-start gap-2 rounded-xl border border-line bg-raised px-4 py-2.5 print:hidden"
    >
      <Lock size={16} aria-hidden className="mt-0.5 shrink-0 text-soft" />
      {t(`notYours.${needed}`)}
    </p>
  )
}
