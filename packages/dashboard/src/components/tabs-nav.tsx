import { type ReactNode, useEffect, useRef } from 'react'

/** What a link to a tab looks like. */
export const tabLink =
  'block rounded-lg px-3 py-1.5 font-medium whitespace-nowrap text-soft hover:bg-raised hover:text-ink aria-[current=page]:bg-raised aria-[current=page]:text-ink'

/** The tabs of a screen, a list item for each; where not all of them fit, the one that is shown is among those that are seen. */
export const TabsNav = ({ label, shown, children }: { label: string; shown: string; children: ReactNode }) => {
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    if (shown)
      list.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [shown])
  return (
    <nav ref={list} aria-label={label} className="overflow-x-auto border-b border-line pb-2">
      <ul className="flex gap-1">{children}</ul>
    </nav>
  )
}
