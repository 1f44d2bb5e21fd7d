import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useLive } from '../../api/live.ts'
import { Header } from '../../components/header.tsx'

/** Where a report stands, on a screen and on a page. */
export const IdeasMain = ({ children }: { children: ReactNode }) => (
  <main
    id="main"
    className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6 print:max-w-none print:space-y-3 print:px-0 print:pb-0 print:[zoom:0.55]"
  >
    {children}
  </main>
)

/** What is around every screen of ideas; another site is another portfolio. */
export const IdeasFrame = (props: { site: string; title: string; children: ReactNode }) => {
  const { site } = props
  const connection = useLive(site)
  const navigate = useNavigate()
  return (
    <>
      <title>{`${props.title} · ${site} · ClickWatch`}</title>
      <div className="print:hidden">
        <Header
          site={site}
          connection={connection}
          onSite={(next) => void navigate({ to: '/ideas', search: next === 'default' ? {} : { site: next } })}
        />
      </div>
      <IdeasMain>{props.children}</IdeasMain>
    </>
  )
}

export const siteSearch = (site: string): { site?: string } => (site === 'default' ? {} : { site })
