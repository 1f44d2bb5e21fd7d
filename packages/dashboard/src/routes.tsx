import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Outlet,
  retainSearchParams,
  useLocation,
} from '@tanstack/react-router'
import { lazy } from 'react'
import { useTranslations } from 'use-intl'
import { Failure, Skeleton } from './components/states.tsx'
import { messageOf } from './format.ts'
import { AccessGate } from './screens/access/access-gate.tsx'
import { readAccountSearch } from './screens/account/account-view.ts'
import { DashboardScreen } from './screens/dashboard/dashboard-screen.tsx'
import { readFunnelSearch } from './screens/funnels/funnel-search.ts'
import { readIdeaSearch, readNewIdeaSearch, readPortfolioSearch } from './screens/ideas/ideas-search.ts'
import { readJourneysSearch } from './screens/journeys/journeys-search.ts'
import { readPagesSearch } from './screens/pages/pages-search.ts'
import { readReportSearch } from './screens/report/report-view.ts'
import { readRetentionSearch } from './screens/retention/retention-search.ts'
import { readSessionsSearch } from './screens/sessions/sessions-search.ts'
import { readSettingsSearch } from './screens/settings/settings-view.ts'
import { readVisitorSearch } from './screens/visitor/visitor-search.ts'
import { readSearch, siteIn, type ViewSearch } from './view.ts'

// Every screen but the first is loaded when it is opened: `lazy` beside its route.

/** The address of a screen that shows a site and nothing else that could be kept. */
export const readSite = (search: Record<string, unknown>): { site?: string } => {
  const site = siteIn(search)
  return site && site !== 'default' ? { site } : {}
}

const Pending = () => {
  const t = useTranslations('shell')
  return (
    <main className="mx-auto max-w-7xl px-4 py-24 sm:px-6">
      <Skeleton lines={8} label={t('loadingScreen')} />
    </main>
  )
}

const Broken = ({ error, reset }: ErrorComponentProps) => {
  const t = useTranslations('shell')
  return (
    <main className="mx-auto max-w-xl px-4 py-24">
      <h1 className="text-xl font-bold">{t('screenFailed')}</h1>
      <Failure error={error instanceof Error ? error : new Error(messageOf(error))} onRetry={reset} />
    </main>
  )
}

const root = createRootRoute({
  component: () => (
    <AccessGate>
      <Outlet />
    </AccessGate>
  ),
})
const dashboard = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readSearch,
  component: function Dashboard() {
    return <DashboardScreen search={dashboard.useSearch()} />
  },
})
const PortfolioScreen = lazy(() => import('./screens/ideas/portfolio/portfolio-screen.tsx'))
const ideas = createRoute({
  getParentRoute: () => root,
  path: '/ideas',
  validateSearch: readPortfolioSearch,
  component: function Ideas() {
    return <PortfolioScreen search={ideas.useSearch()} />
  },
})
const NewIdeaScreen = lazy(() => import('./screens/ideas/form/new-idea-screen.tsx'))
const newIdea = createRoute({
  getParentRoute: () => root,
  path: '/ideas/new',
  validateSearch: readNewIdeaSearch,
  component: function NewIdea() {
    return <NewIdeaScreen search={newIdea.useSearch()} />
  },
})
const IdeaScreen = lazy(() => import('./screens/ideas/report/idea-screen.tsx'))
const idea = createRoute({
  getParentRoute: () => root,
  path: '/ideas/$id',
  validateSearch: readIdeaSearch,
  component: function Idea() {
    const { id } = idea.useParams()
    return <IdeaScreen key={id} id={id} search={idea.useSearch()} />
  },
})
const EditIdeaScreen = lazy(() => import('./screens/ideas/form/edit-idea-screen.tsx'))
const editIdea = createRoute({
  getParentRoute: () => root,
  path: '/ideas/$id/edit',
  validateSearch: readSite,
  component: function EditIdea() {
    const { id } = editIdea.useParams()
    return <EditIdeaScreen key={id} id={id} search={editIdea.useSearch()} />
  },
})
const FunnelsScreen = lazy(() => import('./screens/funnels/funnels-screen.tsx'))
const funnels = createRoute({
  getParentRoute: () => root,
  path: '/funnels',
  validateSearch: readFunnelSearch,
  component: function Funnels() {
    return <FunnelsScreen search={funnels.useSearch()} />
  },
})
const JourneysScreen = lazy(() => import('./screens/journeys/journeys-screen.tsx'))
const journeys = createRoute({
  getParentRoute: () => root,
  path: '/journeys',
  validateSearch: readJourneysSearch,
  component: function Journeys() {
    return <JourneysScreen search={journeys.useSearch()} />
  },
})
const RetentionScreen = lazy(() => import('./screens/retention/retention-screen.tsx'))
const retention = createRoute({
  getParentRoute: () => root,
  path: '/retention',
  validateSearch: readRetentionSearch,
  component: function Retention() {
    return <RetentionScreen search={retention.useSearch()} />
  },
})
const PagesScreen = lazy(() => import('./screens/pages/pages-screen.tsx'))
const pages = createRoute({
  getParentRoute: () => root,
  path: '/pages',
  validateSearch: readPagesSearch,
  component: function Pages() {
    return <PagesScreen search={pages.useSearch()} />
  },
})
const SessionsScreen = lazy(() => import('./screens/sessions/sessions-screen.tsx'))
const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: readSessionsSearch,
  component: function Sessions() {
    return <SessionsScreen search={sessions.useSearch()} />
  },
})
const VisitorScreen = lazy(() => import('./screens/visitor/visitor-screen.tsx'))
const visitor = createRoute({
  getParentRoute: () => root,
  path: '/visitor',
  validateSearch: readVisitorSearch,
  component: function Visitor() {
    return <VisitorScreen search={visitor.useSearch()} />
  },
})
const LiveScreen = lazy(() => import('./screens/live/live-screen.tsx'))
const live = createRoute({
  getParentRoute: () => root,
  path: '/live',
  validateSearch: readSite,
  component: function Live() {
    return <LiveScreen search={live.useSearch()} />
  },
})
const ReportScreen = lazy(() => import('./screens/report/report-screen.tsx'))
const report = createRoute({
  getParentRoute: () => root,
  path: '/report',
  validateSearch: readReportSearch,
  component: function Report() {
    return <ReportScreen search={report.useSearch()} />
  },
})
const RefusedScreen = lazy(() => import('./screens/refused/refused-screen.tsx'))
const refused = createRoute({
  getParentRoute: () => root,
  path: '/refused',
  validateSearch: readSite,
  component: function Refused() {
    return <RefusedScreen search={refused.useSearch()} />
  },
})

const SqlScreen = lazy(() => import('./screens/sql/sql-screen.tsx'))
const sql = createRoute({
  getParentRoute: () => root,
  path: '/sql',
  validateSearch: readSite,
  component: function Sql() {
    return <SqlScreen search={sql.useSearch()} />
  },
})

const SettingsScreen = lazy(() => import('./screens/settings/settings-screen.tsx'))
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: readSettingsSearch,
  component: function Settings() {
    return <SettingsScreen search={settings.useSearch()} />
  },
})

const AccountScreen = lazy(() => import('./screens/account/account-screen.tsx'))
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  validateSearch: readAccountSearch,
  component: function Account() {
    return <AccountScreen search={account.useSearch()} />
  },
})
const SetupScreen = lazy(() => import('./screens/access/setup-screen.tsx'))
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: () => <SetupScreen /> })
// What opens something stands after the '#', which no server and no log is told.
const InvitationScreen = lazy(() => import('./screens/access/invitation-screen.tsx'))
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: function Invitation() {
    return <InvitationScreen token={useLocation().hash} />
  },
})
const ResetScreen = lazy(() => import('./screens/access/reset-screen.tsx'))
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: function Reset() {
    return <ResetScreen token={useLocation().hash} />
  },
})

const ShareScreen = lazy(() => import('./screens/share/share-screen.tsx'))
const share = createRoute({
  getParentRoute: () => root,
  path: '/share/$token',
  validateSearch: (search: Record<string, unknown>): ViewSearch & { embed?: 1 } => ({
    ...readSearch(search),
    ...(String(search.embed) === '1' ? { embed: 1 } : {}),
  }),
  // Without it the server would not let the page be framed once it is loaded again.
  search: { middlewares: [retainSearchParams(['embed'])] },
  component: function Share() {
    const { embed: _embed, ...search } = share.useSearch()
    return <ShareScreen token={share.useParams().token} search={search} />
  },
})

export const router = createRouter({
  routeTree: root.addChildren([
    dashboard,
    live,
    ideas,
    newIdea,
    idea,
    editIdea,
    funnels,
    journeys,
    retention,
    pages,
    sessions,
    visitor,
    report,
    refused,
    sql,
    settings,
    account,
    setup,
    invitation,
    reset,
    share,
  ]),
  // What an address says beyond what its screen understands is not handed on.
  search: { strict: true },
  defaultPendingComponent: Pending,
  defaultErrorComponent: Broken,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
