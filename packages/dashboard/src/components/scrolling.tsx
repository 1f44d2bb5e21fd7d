import clsx from 'clsx'
import type { ReactNode, Ref } from 'react'

/** What may be wider or longer than its place; by keyboard it is reached, and scrolled with the arrow keys. */
export const Scrolling = (props: {
  label: string
  children: ReactNode
  className?: string
  element?: Ref<HTMLElement>
}) => (
  <section
    ref={props.element}
    aria-label={props.label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a stop of its own, what it hides cannot be reached by keyboard
    tabIndex={0}
    className={clsx('overflow-auto print:max-h-none print:overflow-visible', props.className)}
  >
    {props.children}
  </section>
)
