import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useRights } from '../../../api/rights.ts'
import { NotYours } from '../../../components/not-yours.tsx'
import { IdeasFrame, siteSearch } from '../ideas-frame.tsx'
import type { NewIdeaSearch } from '../ideas-search.ts'
import { IdeaForm } from './idea-form.tsx'

/** An idea put down, step by step. */
const NewIdeaScreen = ({ search }: { search: NewIdeaSearch }) => {
  const t = useTranslations('ideaForm')
  const { site = 'default', template = 'fake_door' } = search
  const navigate = useNavigate()
  const rights = useRights(site)
  return (
    <IdeasFrame site={site} title={t('newTitle')}>
      <div>
        <h1 className="text-2xl font-bold tracking-tight">{t('newTitle')}</h1>
        <p className="text-soft">{t('lead')}</p>
      </div>
      <NotYours rights={rights} needed="mayWrite" />
      {rights.mayWrite && (
        <IdeaForm
          key={site}
          site={site}
          idea={undefined}
          template={template}
          onTemplate={(next) =>
            void navigate({ to: '/ideas/new', search: { ...siteSearch(site), template: next }, replace: true })
          }
          onDone={(id) => void navigate({ to: '/ideas/$id', params: { id }, search: siteSearch(site) })}
          onCancel={() => void navigate({ to: '/ideas', search: siteSearch(site) })}
        />
      )}
    </IdeasFrame>
  )
}
export default NewIdeaScreen
