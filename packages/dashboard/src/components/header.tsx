import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Moon, Sun, SunMoon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Connection } from '../api/live.ts'
import { useSites } from '../api/queries.ts'
import { type Theme, useTheme } from '../theme.ts'

const themes: Record<Theme, { next: Theme; icon: typeof Sun; name: string }> = {
  system: { next: 'light', icon: SunMoon, name: 'Theme: as the system' },
  light: { next: 'dark', icon: Sun, name: 'Theme: light' },
  dark: { next: 'system', icon: Moon, name: 'Theme: dark' },
}

const ThemeButton = () => {
  const [theme, setTheme] = useTheme()
  const { next, icon: Icon, name } = themes[theme]
  return (
    <button
      type="button"
      onClick={() => setTheme(next)}
      aria-label={name}
      title={name}
      className="rounded-lg p-2 text-soft hover:bg-raised hover:text-ink"
    >
      <Icon size={18} aria-hidden />
    </button>
  )
}

const SitePicker = ({ site, onSite }: { site: string; onSite: (site: string) => void }) => {
  const { data } = useSites(site)
  const sites = [...new Set([site, ...(data?.sites.map((each) => each.site) ?? [])])]
  return (
    <select
      aria-label="Site"
      value={site}
      onChange={(event) => onSite(event.target.value)}
      className="max-w-40 rounded-lg border border-line bg-card px-2.5 py-1.5 font-medium hover:bg-raised"
    >
      {sites.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
  )
}

const navigation = 'rounded-lg px-3 py-1.5 font-medium text-soft hover:bg-raised hover:text-ink'

/** Brand, site, screens; `children` is what a screen adds. */
export const Header = (props: {
  site: string
  onSite: (site: string) => void
  connection: Connection
  children?: ReactNode
}) => {
  const search = props.site === 'default' ? {} : { site: props.site }
  return (
    <>
      <header className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-3 gap-y-2 px-4 py-4 sm:px-6">
        <Link to="/" search={search} className="flex items-center gap-2 text-lg font-bold tracking-tight">
          <img src="/mark.svg" alt="" width={28} height={28} /> ClickWatch
        </Link>
        <SitePicker site={props.site} onSite={props.onSite} />
        <nav aria-label="Screens" className="flex">
          <Link to="/" search={search} className={navigation} activeProps={{ className: 'bg-raised !text-ink' }}>
            Dashboard
          </Link>
          <Link to="/report" search={search} className={navigation} activeProps={{ className: 'bg-raised !text-ink' }}>
            Report
          </Link>
        </nav>
        <div className="ml-auto flex items-center gap-2">
          {props.children}
          <ThemeButton />
        </div>
      </header>
      <div
        role="status"
        className={clsx('mx-auto max-w-7xl px-4 sm:px-6', props.connection !== 'reconnecting' && 'sr-only')}
      >
        {props.connection === 'reconnecting' && (
          <p className="mb-4 rounded-xl border border-line bg-raised px-4 py-2.5">
            The server is catching up. Nothing that arrives is lost; the numbers go on by themselves.
          </p>
        )}
      </div>
    </>
  )
}
