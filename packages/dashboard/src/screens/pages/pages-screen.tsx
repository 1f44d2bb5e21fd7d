import { useNavigate } from '@tanstack/react-router'
import { Tabs } from 'radix-ui'
import { useTranslations } from 'use-intl'
import { Card } from '../../components/card.tsx'
import { Suggest } from '../../components/suggest.tsx'
import { searchOf, viewOf } from '../../view.ts'
import { Empty } from '../behaviour/answer.tsx'
import { Frame } from '../behaviour/frame.tsx'
import { changed } from '../behaviour/scope.ts'
import { useValues } from '../behaviour/values.ts'
import { Elements } from './elements.tsx'
import { Forms } from './forms.tsx'
import { Heatmap } from './heatmap/heatmap.tsx'
import { type Change, type PagesSearch, readOwnSearch, tabs } from './pages-search.ts'
import { Vitals } from './vitals.tsx'

const offered = 8

const ChoosePage = ({ pages, onPage }: { pages: string[]; onPage: (page: string) => void }) => {
  const t = useTranslations('pages.heatmap')
  return (
    <Empty title={t('choose')}>
      <p>{t('chooseHow')}</p>
      <ul className="mt-3 flex flex-wrap justify-center gap-2">
        {pages.slice(0, offered).map((page) => (
          <li key={page} className="max-w-full">
            <button
              type="button"
              onClick={() => onPage(page)}
              className="max-w-full truncate rounded-full bg-accent-soft px-3 py-1 font-medium text-ink"
            >
              {page}
            </button>
          </li>
        ))}
      </ul>
    </Empty>
  )
}

/** What happened on a page. */
const PagesScreen = ({ search }: { search: PagesSearch }) => {
  const t = useTranslations('pages')
  const view = viewOf(search)
  const own = readOwnSearch(search)
  const navigate = useNavigate()
  const show = (next: PagesSearch) => void navigate({ to: '/pages', search: next, resetScroll: false })
  const change = (part: Change) => show(changed<PagesSearch>(search, part))
  const pages = useValues(view, 'event:page')
  const tab = own.tab ?? 'elements'
  return (
    <Frame title={t('title')} lead={t('lead')} view={view} onView={(next) => show({ ...own, ...searchOf(next) })}>
      <Card label={t('title')} className="p-5">
        <Tabs.Root
          value={tab}
          onValueChange={(value) => {
            const next = tabs.find((each) => each === value)
            if (next) change({ tab: next === 'elements' ? undefined : next })
          }}
        >
          <div className="mb-5 flex flex-wrap items-center justify-between gap-3 border-b border-line pb-4 print:hidden">
            <div className="flex max-w-full items-center gap-2">
              <span className="text-soft" aria-hidden>
                {t('page')}
              </span>
              <Suggest
                label={t('page')}
                value={own.page ?? ''}
                suggestions={pages}
                placeholder={t('allPages')}
                onValue={(page) => change({ page: page || undefined })}
                className="w-64"
              />
            </div>
            <Tabs.List aria-label={t('title')} className="flex flex-wrap gap-1">
              {tabs.map((each) => (
                <Tabs.Trigger
                  key={each}
                  value={each}
                  className="rounded-md px-2.5 py-1.5 font-medium text-soft hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink"
                >
                  {t(`tabs.${each}`)}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
          </div>
          <Tabs.Content value="elements" tabIndex={-1}>
            <Elements view={view} page={own.page} />
          </Tabs.Content>
          <Tabs.Content value="heatmap" tabIndex={-1}>
            {own.page ? (
              <Heatmap view={view} page={own.page} own={own} onOwn={change} />
            ) : (
              <ChoosePage pages={pages} onPage={(page) => change({ page })} />
            )}
          </Tabs.Content>
          <Tabs.Content value="forms" tabIndex={-1}>
            <Forms view={view} page={own.page} />
          </Tabs.Content>
          <Tabs.Content value="vitals" tabIndex={-1}>
            <Vitals
              view={view}
              page={own.page}
              by={own.by ?? 'page'}
              onBy={(by) => change({ by: by === 'page' ? undefined : by })}
            />
          </Tabs.Content>
        </Tabs.Root>
      </Card>
    </Frame>
  )
}
export default PagesScreen
