import { useEffect, useRef, useState } from 'react'

/** A number that lights up for a moment when it changes. */
export const Value = ({ text, exact, metric }: { text: string; exact: number | null; metric?: string }) => {
  const last = useRef(text)
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    if (last.current !== text) setChanges((count) => count + 1)
    last.current = text
  }, [text])
  return (
    <span
      key={changes}
      data-metric={metric}
      data-value={exact ?? ''}
      title={exact === null ? undefined : String(exact)}
      className={changes > 0 ? 'flash' : undefined}
    >
      {text}
    </span>
  )
}
