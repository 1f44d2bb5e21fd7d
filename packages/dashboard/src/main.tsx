import { QueryClientProvider } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, Outlet, RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/queries.ts'
import { AccessGate } from './screens/access/access-gate.tsx'
import { DashboardScreen } from './screens/dashboard/dashboard-screen.tsx'
import { RefusedScreen, readRefusedSearch } from './screens/refused/refused-screen.tsx'
import { ReportScreen, readReportSearch } from './screens/report/report-screen.tsx'
import './styles.css'
import { readSearch } from './view.ts'

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
const report = createRoute({
  getParentRoute: () => root,
  path: '/report',
  validateSearch: readReportSearch,
  component: function Report() {
    return <ReportScreen search={report.useSearch()} />
  },
})
const refused = createRoute({
  getParentRoute: () => root,
  path: '/refused',
  validateSearch: readRefusedSearch,
  component: function Refused() {
    return <RefusedScreen search={refused.useSearch()} />
  },
})
const router = createRouter({
  routeTree: root.addChildren([dashboard, report, refused]),
  // What an address says beyond what its screen understands is not handed on.
  search: { strict: true },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

const element = document.getElementById('root')
if (!element) throw new Error('the page has no #root')
createRoot(element).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
