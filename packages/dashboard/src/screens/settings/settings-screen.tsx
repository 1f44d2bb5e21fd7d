import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useLive } from '../../api/live.ts'
import { useRights } from '../../api/rights.ts'
import { Header } from '../../components/header.tsx'
import { NotYours } from '../../components/not-yours.tsx'
import { TabsNav, tabLink } from '../../components/tabs-nav.tsx'
import { AlertsTab } from './alerts-tab.tsx'
import { AnnotationsTab } from './annotations-tab.tsx'
import { CollectionTab } from './collection-tab.tsx'
import { GoalsTab } from './goals-tab.tsx'
import { LinksTab } from './links-tab.tsx'
import { ReportsTab } from './reports-tab.tsx'
import { SegmentsTab } from './segments-tab.tsx'
import { neededFor, type SettingsSearch, type SettingsTab, tabs } from './settings-view.ts'
import { SiteTab } from './site-tab.tsx'

const parts: Record<SettingsTab, (props: { site: string }) => React.ReactNode> = {
  goals: GoalsTab,
  segments: SegmentsTab,
  annotations: AnnotationsTab,
  links: LinksTab,
  reports: ReportsTab,
  alerts: AlertsTab,
  site: SiteTab,
  collection: CollectionTab,
}

/** What people keep of a site, how it is shown, and what goes out of it: a tab a noun. */
const SettingsScreen = ({ search }: { search: SettingsSearch }) => {
  const t = useTranslations('settings')
  const { site = 'default', tab = tabs[0] } = search
  const navigate = useNavigate()
  const connection = useLive(site)
  const rights = useRights(site)
  // What is taken in of a site is not even shown to who may not set it.
  const isHidden = (each: SettingsTab): boolean => each === 'collection' && !rights.mayManage
  const Part = parts[tab]
  const searchOf = (nextSite: string, nextTab: SettingsTab): SettingsSearch => ({
    ...(nextSite === 'default' ? {} : { site: nextSite }),
    ...(nextTab === tabs[0] ? {} : { tab: nextTab }),
  })
  return (
    <>
      <title>{`${t('title', { site })} · ClickWatch`}</title>
      <Header
        site={site}
        connection={connection}
        onSite={(next) => void navigate({ to: '/settings', search: searchOf(next, tab) })}
      />
      <main id="main" className="mx-auto max-w-5xl space-y-4 px-4 pb-12 sm:px-6">
        <h1 className="text-2xl font-bold tracking-tight">{t('title', { site })}</h1>
        <TabsNav label={t('tabsLabel')} shown={tab}>
          {tabs
            .filter((each) => !isHidden(each) || each === tab)
            .map((each) => (
              <li key={each}>
                <Link to="/settings" search={searchOf(site, each)} activeOptions={{ exact: true }} className={tabLink}>
                  {t(`tabs.${each}`)}
                </Link>
              </li>
            ))}
        </TabsNav>
        <NotYours rights={rights} needed={neededFor(tab)} />
        {!isHidden(tab) && <Part key={`${site} ${tab}`} site={site} />}
      </main>
    </>
  )
}
export default SettingsScreen
