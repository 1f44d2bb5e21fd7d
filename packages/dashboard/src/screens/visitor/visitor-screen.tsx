import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useEraseVisitor, useVisitor } from '../../api/behaviour.ts'
import { ApiError } from '../../api/client.ts'
import { Card } from '../../components/card.tsx'
import { searchOf, sharedSearchOf, type View, viewOf } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { Frame } from '../behaviour/frame.tsx'
import { Profile } from './profile.tsx'
import type { VisitorSearch } from './visitor-search.ts'

const Nobody = ({ view, erased }: { view: View; erased?: string }) => {
  const t = useTranslations('visitor')
  return (
    <Card className="p-5">
      <Empty title={t(erased === undefined ? 'notFound' : 'erased')}>
        <p role="status">{erased ?? t('notFoundHow')}</p>
        <Link
          to="/sessions"
          search={sharedSearchOf(view)}
          className="mt-3 inline-block font-medium text-accent underline"
        >
          {t('toVisits')}
        </Link>
      </Empty>
    </Card>
  )
}

const One = ({ view, visitor }: { view: View; visitor: string }) => {
  const t = useTranslations('visitor')
  const erasing = useEraseVisitor(view.site)
  const question = useVisitor(view.site, visitor, { enabled: !erasing.isSuccess })
  if (erasing.data) return <Nobody view={view} erased={erasing.data.sentence} />
  if (question.error instanceof ApiError && question.error.status === 404) return <Nobody view={view} />
  return (
    <Answer question={question} loading={t('loading')} lines={8}>
      {(answer) => (
        <div className="space-y-4">
          <Profile visitor={answer} view={view} erasing={erasing} />
        </div>
      )}
    </Answer>
  )
}

/** One visitor, of all time. */
const VisitorScreen = ({ search }: { search: VisitorSearch }) => {
  const t = useTranslations('visitor')
  const view = viewOf(search)
  const { visitor } = search
  const navigate = useNavigate()
  const onView = (next: View) =>
    void navigate({
      to: '/visitor',
      search: { ...searchOf(next), ...(visitor && next.site === view.site ? { visitor } : {}) },
      resetScroll: false,
    })
  return (
    <Frame title={t('title')} lead={t('lead')} view={view} onView={onView} isOfAllTime>
      {visitor ? <One key={`${view.site} ${visitor}`} view={view} visitor={visitor} /> : <Nobody view={view} />}
    </Frame>
  )
}
export default VisitorScreen
