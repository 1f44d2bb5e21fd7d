import type { Grade } from '@clickwatch/contract'
import { CreditCard, Eye, type LucideIcon, MousePointerClick, ScanEye, Send } from 'lucide-react'

export const gradeIcons: Record<Grade, LucideIcon> = {
  seen: Eye,
  attention: ScanEye,
  click: MousePointerClick,
  intent: Send,
  payment: CreditCard,
}
