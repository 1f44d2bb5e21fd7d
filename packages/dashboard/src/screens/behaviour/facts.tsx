import type { ReactNode } from 'react'

/** Names and what they are, in a grid; what is empty is left out. */
export const Facts = ({ facts }: { facts: [name: string, value: ReactNode][] }) => (
  <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-5">
    {facts
      .filter(([, value]) => value !== '' && value !== null && value !== undefined)
      .map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-soft">{name}</dt>
          <dd className="truncate font-semibold" title={typeof value === 'string' ? value : undefined}>
            {value}
          </dd>
        </div>
      ))}
  </dl>
)
