import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useLive } from '../../api/live.ts'
import { Header } from '../../components/header.tsx'

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
      <main
        id="main"
        className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6 print:max-w-none print:space-y-3 print:px-0 print:pb-0 print:[zoom:0.55]"
      >
        {props.children}
      </main>
    </>
  )
}

export const siteSearch = (site: string): { site?: string } => (site === 'default' ? {} : { site })
