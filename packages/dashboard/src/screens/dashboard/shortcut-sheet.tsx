import type { NamedRange } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { Sheet } from '../../components/sheet.tsx'

export const rangeKeys: Record<string, NamedRange> = {
  r: 'realtime',
  d: 'day',
  e: 'yesterday',
  h: '24h',
  w: '7d',
  t: '30d',
  q: '90d',
  m: 'month',
  p: 'last_month',
  y: 'year',
  l: '12mo',
  a: 'all',
}

const Key = ({ children }: { children: string }) => (
  <kbd className="min-w-7 rounded-md border border-line bg-raised px-1.5 py-0.5 text-center font-sans text-xs font-semibold">
    {children}
  </kbd>
)

/** What can be done by one key, of those under which something stands. */
export const ShortcutSheet = (props: { isOpen: boolean; keys: readonly string[]; onClose: () => void }) => {
  const { isOpen, keys: used, onClose } = props
  const t = useTranslations('shortcuts')
  const ranges = useTranslations('names.ranges')
  const groups: [string, [string[], string][]][] = [
    [t('groups.period'), Object.entries(rangeKeys).map(([key, range]) => [[key], ranges(range)])],
    [
      t('groups.view'),
      [
        [['f'], t('filter')],
        [['c'], t('compare')],
        [['1', '8'], t('metric')],
        [['['], t('earlier')],
        [[']'], t('later')],
      ],
    ],
    [
      t('groups.move'),
      [
        [['n'], t('live')],
        [['Escape'], t('escape')],
        [['?'], t('help')],
      ],
    ],
  ]
  const shown = groups
    .map(([title, keys]): (typeof groups)[number] => [title, keys.filter(([[key = '']]) => used.includes(key))])
    .filter(([, keys]) => keys.length > 0)
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title={t('title')} isWide>
      <div className="grid gap-x-10 gap-y-5 overflow-y-auto sm:grid-cols-3">
        {shown.map(([title, keys]) => (
          <section key={title}>
            <h3 className="mb-2 text-sm font-semibold text-soft">{title}</h3>
            <dl className="space-y-1.5">
              {keys.map(([pressed, what]) => (
                <div key={what} className="flex items-center justify-between gap-4">
                  <dt>{what}</dt>
                  <dd className="flex gap-1">
                    {pressed.map((key) => (
                      <Key key={key}>{key === 'Escape' ? 'Esc' : key}</Key>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  )
}
