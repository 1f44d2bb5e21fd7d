import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A surface with something on it. */
export const Card = ({ children, className, label }: { children: ReactNode; className?: string; label?: string }) => (
  <section
    aria-label={label}
    className={clsx('min-w-0 break-inside-avoid rounded-2xl border border-line bg-card', className)}
  >
    {children}
  </section>
)
