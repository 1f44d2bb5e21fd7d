import { Link, useRouter } from '@tanstack/react-router'
import {
  Activity,
  FileText,
  Filter,
  LayoutDashboard,
  Lightbulb,
  Menu,
  MousePointerClick,
  Repeat,
  Settings,
  SquareTerminal,
  Users,
  Waypoints,
  X,
} from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import type { ViewSearch } from '../view.ts'

/** The screens, in the order in which one asks: what is, what they do, what goes out. */
const groups = [
  {
    name: 'numbers',
    screens: [
      { name: 'dashboard', path: '/', icon: LayoutDashboard },
      { name: 'live', path: '/live', icon: Activity },
      { name: 'ideas', path: '/ideas', icon: Lightbulb },
    ],
  },
  {
    name: 'behaviour',
    screens: [
      { name: 'funnels', path: '/funnels', icon: Filter },
      { name: 'journeys', path: '/journeys', icon: Waypoints },
      { name: 'retention', path: '/retention', icon: Repeat },
      { name: 'pages', path: '/pages', icon: MousePointerClick },
      { name: 'sessions', path: '/sessions', icon: Users },
    ],
  },
  {
    name: 'out',
    screens: [
      { name: 'report', path: '/report', icon: FileText },
      { name: 'sql', path: '/sql', icon: SquareTerminal },
      { name: 'settings', path: '/settings', icon: Settings },
    ],
  },
] as const

const link =
  'flex items-center gap-2 rounded-lg px-2.5 py-1.5 font-medium text-soft hover:bg-raised hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:text-ink'

/** The groups with the screens that the router knows. */
const useGroups = () => {
  const { routesByPath } = useRouter()
  return groups.map(({ name, screens }) => ({ name, screens: screens.filter(({ path }) => path in routesByPath) }))
}

const WideNavigation = ({ search }: { search: ViewSearch }) => {
  const t = useTranslations('shell')
  const groups = useGroups()
  return (
    <nav aria-label={t('screens')} className="hidden xl:block print:hidden">
      <ul className="flex items-center">
        {groups.map(({ name: group, screens }, place) => (
          <li key={group} className="flex items-center">
            {place > 0 && <span aria-hidden className="mx-1.5 h-4 w-px bg-line" />}
            <ul className="flex" aria-label={t(`groups.${group}`)}>
              {screens.map(({ name, path }) => (
                <li key={name}>
                  <Link
                    to={path as string}
                    search={search}
                    activeOptions={{ includeSearch: false }}
                    title={t(`about.${name}`)}
                    className={link}
                  >
                    {t(`nav.${name}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The same on a narrow window: a sheet from the side. */
const NarrowNavigation = ({ search }: { search: ViewSearch }) => {
  const t = useTranslations('shell')
  const groups = useGroups()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Dialog.Root open={isOpen} onOpenChange={setIsOpen}>
      <Dialog.Trigger
        aria-label={t('menu')}
        className="rounded-lg p-2 text-soft hover:bg-raised hover:text-ink xl:hidden print:hidden"
      >
        <Menu size={20} aria-hidden />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-20 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-30 w-72 max-w-[85vw] overflow-y-auto border-r border-line bg-card p-4 shadow-2xl"
        >
          <div className="mb-2 flex items-center justify-between">
            <Dialog.Title className="text-base font-bold">{t('screens')}</Dialog.Title>
            <Dialog.Close aria-label={t('close')} className="rounded-lg p-2 text-soft hover:bg-raised hover:text-ink">
              <X size={18} aria-hidden />
            </Dialog.Close>
          </div>
          <nav aria-label={t('screens')}>
            {groups.map(({ name: group, screens }) => (
              <section key={group} className="mt-3">
                <h3 className="px-2.5 pb-1 text-xs font-medium text-soft">{t(`groups.${group}`)}</h3>
                <ul>
                  {screens.map(({ name, path, icon: Icon }) => (
                    <li key={name}>
                      <Link
                        to={path as string}
                        search={search}
                        activeOptions={{ includeSearch: false }}
                        onClick={() => setIsOpen(false)}
                        className={link}
                      >
                        <Icon size={16} aria-hidden />
                        {t(`nav.${name}`)}
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </nav>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** The ways to the screens; `search` is what is kept on the way. */
export const Navigation = ({ search }: { search: ViewSearch }) => (
  <>
    <NarrowNavigation search={search} />
    <WideNavigation search={search} />
  </>
)
