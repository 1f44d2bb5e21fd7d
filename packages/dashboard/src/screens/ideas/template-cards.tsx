import { type IdeaTemplate, ideaTemplates } from '@clickwatch/contract'
import { CreditCard, DoorOpen, LayoutTemplate, type LucideIcon, MailPlus, Scale } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'

export const templateIcons: Record<IdeaTemplate, LucideIcon> = {
  fake_door: DoorOpen,
  landing_page: LayoutTemplate,
  price_test: CreditCard,
  two_pitches: Scale,
  waiting_list: MailPlus,
}

/** The five ways to try an idea, each as what `card` makes of it. */
export const TemplateCards = (props: {
  card: (template: IdeaTemplate, content: ReactNode) => ReactNode
  className?: string
}) => {
  const t = useTranslations('ideas.templates')
  return (
    <ul className={props.className ?? 'grid gap-3 sm:grid-cols-2 lg:grid-cols-3'}>
      {ideaTemplates.map((template) => {
        const Icon = templateIcons[template]
        return (
          <li key={template} className="flex min-w-0">
            {props.card(
              template,
              <>
                <span
                  aria-hidden
                  className="grid size-9 shrink-0 place-items-center rounded-xl bg-accent-soft text-accent"
                >
                  <Icon size={18} />
                </span>
                <span className="min-w-0">
                  <span className="block font-semibold">{t(`${template}.name`)}</span>
                  <span className="block text-sm text-soft">{t(`${template}.about`)}</span>
                </span>
              </>,
            )}
          </li>
        )
      })}
    </ul>
  )
}

export const templateCard =
  'flex w-full items-start gap-3 rounded-xl border border-line bg-card p-4 text-left hover:border-accent has-checked:border-accent has-checked:bg-accent-soft/40 has-focus-visible:outline-2 has-focus-visible:outline-accent'
