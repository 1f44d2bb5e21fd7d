import type { OpenedLink } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { CircleUserRound, Moon, Sun, SunMoon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Connection } from '../api/live.ts'
import { useSites } from '../api/queries.ts'
import { isLimited, sharedLink } from '../api/shared.ts'
import { type Theme, useTheme } from '../theme.ts'
import { sharedSearchOf, type View } from '../view.ts'
import { Navigation } from './navigation.tsx'

const themes: Record<Theme, { next: Theme; icon: typeof Sun }> = {
  system: { next: 'light', icon: SunMoon },
  light: { next: 'dark', icon: Sun },
  dark: { next: 'system', icon: Moon },
}

const ThemeButton = () => {
  const t = useTranslations('shell')
  const [theme, setTheme] = useTheme()
  const { next, icon: Icon } = themes[theme]
  const name = t(`theme.${theme}`)
  return (
    <button
      type="button"
      onClick={() => setTheme(next)}
      aria-label={name}
      title={name}
      className="rounded-lg p-2 text-soft hover:bg-raised hover:text-ink print:hidden"
    >
      <Icon size={18} aria-hidden />
    </button>
  )
}

const SitePicker = ({ site, onSite }: { site: string; onSite: (site: string) => void }) => {
  const t = useTranslations('shell')
  const { data } = useSites(site)
  const sites = [...new Set([site, ...(data?.sites.map((each) => each.site) ?? []), ...(data?.added ?? [])])]
  return (
    <select
      aria-label={t('site')}
      value={site}
      onChange={(event) => onSite(event.target.value)}
      className="max-w-32 rounded-lg border border-line bg-card px-2.5 py-1.5 font-medium hover:bg-raised sm:max-w-40 print:appearance-none print:border-0"
    >
      {sites.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
  )
}

const brand = 'flex items-center gap-2 text-lg font-bold tracking-tight'
const Brand = () => (
  <>
    <img src="/mark.svg" alt="" width={28} height={28} /> <span className="max-sm:sr-only">ClickWatch</span>
  </>
)

/** Whoever looks by a shared link sees one site and one screen. */
const Shared = ({ link }: { link: OpenedLink }) => {
  const t = useTranslations('share')
  return (
    <>
      <p className={brand}>
        <Brand />
      </p>
      <p className="text-soft">
        <strong className="text-ink">{link.site}</strong> · {t('shared')}
        {isLimited(link) && ` · ${t('limited')}`}
      </p>
    </>
  )
}

/** Brand, site, screens; `children` is what a screen adds. A screen with a view hands it over, and its range and filters go along. */
export const Header = (props: {
  site: string
  onSite: (site: string) => void
  connection: Connection
  view?: View
  children?: ReactNode
}) => {
  const t = useTranslations('shell')
  const shared = sharedLink()
  const search = props.view ? sharedSearchOf(props.view) : props.site === 'default' ? {} : { site: props.site }
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-40 focus:m-2 focus:rounded-lg focus:bg-card focus:px-3 focus:py-2"
      >
        {t('skip')}
      </a>
      <header className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-3 gap-y-2 px-4 py-4 sm:px-6">
        {shared ? (
          <Shared link={shared} />
        ) : (
          <>
            <Link to="/" search={search} className={brand}>
              <Brand />
            </Link>
            <SitePicker site={props.site} onSite={props.onSite} />
            <Navigation search={search} />
          </>
        )}
        <div className="ml-auto flex items-center gap-1 sm:gap-2">
          {props.children}
          {!shared && (
            <Link
              to="/account"
              search={props.site === 'default' ? {} : { site: props.site }}
              aria-label={t('account')}
              title={t('account')}
              className="rounded-lg p-2 text-soft hover:bg-raised hover:text-ink print:hidden"
            >
              <CircleUserRound size={18} aria-hidden />
            </Link>
          )}
          <ThemeButton />
        </div>
      </header>
      <div
        role="status"
        className={clsx('mx-auto max-w-7xl px-4 sm:px-6', props.connection !== 'reconnecting' && 'sr-only')}
      >
        {props.connection === 'reconnecting' && (
          <p className="mb-4 rounded-xl border border-line bg-raised px-4 py-2.5">{t('catchingUp')}</p>
        )}
      </div>
    </>
  )
}
