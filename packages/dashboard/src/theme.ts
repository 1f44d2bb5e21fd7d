import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { readStored, store } from './storage.ts'

export type Theme = 'system' | 'light' | 'dark'
const item = 'clickwatch.theme'

const apply = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

const stored = (): Theme => {
  const theme = readStored(item)
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

/** The chosen theme, kept for the next visit; public/theme.js applies it before the first paint. */
export const useTheme = (): [Theme, (theme: Theme) => void] => {
  const [theme, setTheme] = useState(stored)
  return [
    theme,
    (next) => {
      store(item, next)
      apply(next)
      setTheme(next)
    },
  ]
}

/** Counts up whenever colours may have changed, for what is drawn and not styled. */
export const useColorsVersion = (): number => {
  const [version, setVersion] = useState(0)
  useEffect(() => {
    const changed = () => setVersion((last) => last + 1)
    // Paper is light: what is drawn has to be drawn anew before it is printed.
    const printed = () => flushSync(changed)
    const system = matchMedia('(prefers-color-scheme: dark)')
    const print = matchMedia('print')
    system.addEventListener('change', changed)
    print.addEventListener('change', printed)
    const observer = new MutationObserver(changed)
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      system.removeEventListener('change', changed)
      print.removeEventListener('change', printed)
      observer.disconnect()
    }
  }, [])
  return version
}
