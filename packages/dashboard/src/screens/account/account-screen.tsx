import { everySite, type Me } from '@clickwatch/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslations } from 'use-intl'
import { reportDenied } from '../../api/access.ts'
import { useMe } from '../../api/account.ts'
import { Header } from '../../components/header.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { TabsNav, tabLink } from '../../components/tabs-nav.tsx'
import { type AccountSearch, type AccountTab, tabs } from './account-view.ts'
import { AuditTab } from './audit-tab.tsx'
import { KeysTab } from './keys-tab.tsx'
import { PeopleTab } from './people-tab.tsx'
import { YouTab } from './you-tab.tsx'

const parts: Record<AccountTab, (props: { me: Me; site: string }) => React.ReactNode> = {
  you: YouTab,
  people: PeopleTab,
  keys: KeysTab,
  audit: AuditTab,
}

/** Whether a tab has something for who looks. */
const isFor = (tab: AccountTab, { may }: Me): boolean => {
  if (tab === 'you') return true
  if (tab === 'keys') return may[everySite]?.includes('admin') === true
  return Object.values(may).some((scopes) => scopes.includes('admin'))
}

/** The own account, who else has one, keys, and what was changed by whom. */
const AccountScreen = ({ search }: { search: AccountSearch }) => {
  const t = useTranslations('account')
  const { site = 'default', tab = tabs[0] } = search
  const navigate = useNavigate()
  const { data: me, error, refetch } = useMe()
  // That nobody is here is no error of the question: it says so.
  const isNobody = me?.as === 'nobody'
  useEffect(() => {
    if (isNobody) reportDenied()
  }, [isNobody])
  const searchOf = (nextSite: string, nextTab: AccountTab): AccountSearch => ({
    ...(nextSite === 'default' ? {} : { site: nextSite }),
    ...(nextTab === tabs[0] ? {} : { tab: nextTab }),
  })
  const shown = me && !isFor(tab, me) ? tabs[0] : tab
  const Part = parts[shown]
  return (
    <>
      <title>{`${t(`tabs.${shown}`)} · ClickWatch`}</title>
      <Header
        site={site}
        connection="connecting"
        onSite={(next) => void navigate({ to: '/account', search: searchOf(next, tab) })}
      />
      <main id="main" className="mx-auto max-w-5xl space-y-4 px-4 pb-12 sm:px-6">
        <h1 className="text-2xl font-bold tracking-tight">{t('title')}</h1>
        {me ? (
          <>
            <TabsNav label={t('tabsLabel')} shown={shown}>
              {tabs
                .filter((each) => isFor(each, me))
                .map((each) => (
                  <li key={each}>
                    <Link
                      to="/account"
                      search={searchOf(site, each)}
                      activeOptions={{ exact: true }}
                      className={tabLink}
                    >
                      {t(`tabs.${each}`)}
                    </Link>
                  </li>
                ))}
            </TabsNav>
            <Part key={shown} me={me} site={site} />
          </>
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={6} label={t('loading')} />
        )}
      </main>
    </>
  )
}
export default AccountScreen
