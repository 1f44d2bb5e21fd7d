import { Link } from '@tanstack/react-router'
import { Lightbulb } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useRights } from '../../../api/rights.ts'
import { Card } from '../../../components/card.tsx'
import { NotYours } from '../../../components/not-yours.tsx'
import { siteSearch } from '../ideas-frame.tsx'
import { TemplateCards, templateCard } from '../template-cards.tsx'

/** A site without ideas: what one is, and five ways to begin. */
export const NoIdeas = ({ site }: { site: string }) => {
  const t = useTranslations('ideas.empty')
  const rights = useRights(site)
  return (
    <Card className="px-5 py-10 sm:px-10">
      <div className="mx-auto max-w-4xl">
        <span aria-hidden className="grid size-11 place-items-center rounded-2xl bg-accent-soft text-accent">
          <Lightbulb size={22} />
        </span>
        <h2 className="mt-4 text-2xl font-bold tracking-tight text-balance">{t('title')}</h2>
        <p className="mt-2 max-w-2xl text-soft">{t('about')}</p>
        {rights.mayWrite ? (
          <>
            <p className="mt-6 mb-3 font-medium">{t('begin')}</p>
            <TemplateCards
              card={(template, content) => (
                <Link to="/ideas/new" search={{ ...siteSearch(site), template }} className={templateCard}>
                  {content}
                </Link>
              )}
            />
          </>
        ) : (
          <div className="mt-6">
            <NotYours rights={rights} needed="mayWrite" />
          </div>
        )}
      </div>
    </Card>
  )
}
