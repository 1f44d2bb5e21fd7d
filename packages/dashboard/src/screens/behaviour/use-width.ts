import { useLayoutEffect, useRef, useState } from 'react'

/** The width an element has, as it changes. */
export const useWidth = <Measured extends HTMLElement>() => {
  const element = useRef<Measured>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (!element.current) return
    const measured = element.current
    const observer = new ResizeObserver(() => setWidth(measured.clientWidth))
    observer.observe(measured)
    setWidth(measured.clientWidth)
    return () => observer.disconnect()
  }, [])
  return [element, width] as const
}
