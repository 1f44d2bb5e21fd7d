import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useIdea } from '../../../api/ideas.ts'
import { useRights } from '../../../api/rights.ts'
import { Card } from '../../../components/card.tsx'
import { NotYours } from '../../../components/not-yours.tsx'
import { Failure, Skeleton } from '../../../components/states.tsx'
import { IdeasFrame, siteSearch } from '../ideas-frame.tsx'
import { IdeaForm } from './idea-form.tsx'

/** An idea changed. What is typed stays as it is while the idea moves on, as it does when its first visitor comes. */
const EditIdeaScreen = ({ id, search }: { id: string; search: { site?: string } }) => {
  const t = useTranslations('ideaForm')
  const { site = 'default' } = search
  const navigate = useNavigate()
  const rights = useRights(site)
  const { data: idea, error, refetch } = useIdea(site, id)
  const leave = () => void navigate({ to: '/ideas/$id', params: { id }, search: siteSearch(site) })
  const title = idea ? t('editTitle', { name: idea.name }) : t('loading')
  return (
    <IdeasFrame site={site} title={title}>
      {error && !idea ? (
        <Card className="p-5">
          <Failure error={error} onRetry={() => void refetch()} />
        </Card>
      ) : !idea ? (
        <Card className="p-5">
          <Skeleton lines={8} label={t('loading')} />
        </Card>
      ) : (
        <>
          <div>
            <h1 className="text-2xl font-bold tracking-tight wrap-anywhere">{title}</h1>
            {idea.locked_at && <p className="text-soft">{t('editLead')}</p>}
          </div>
          <NotYours rights={rights} needed="mayWrite" />
          {rights.mayWrite && (
            <IdeaForm
              key={id}
              site={site}
              idea={idea}
              template={idea.template}
              onTemplate={() => undefined}
              onDone={leave}
              onCancel={leave}
            />
          )}
        </>
      )}
    </IdeasFrame>
  )
}
export default EditIdeaScreen
