import { holdoutKey, type RunningIdea, type RunningVariant } from '@clickwatch/contract/assignment'
import type { Variants } from './variants.ts'

const pageOf = (url: string): string | undefined => {
  const { origin, pathname } = new URL(url, location.href)
  return origin === location.origin ? pathname : undefined
}

/**
 * Sends visitors of an idea that is split by address to the page of their variant, with what the address says after `?` and `#`.
 * Whoever comes back from there by the server's own doing stays, or would go round in circles.
 */
const split = ({ key, variants }: RunningIdea, { chosen, expose }: Variants): void => {
  const here = location.pathname
  const control = variants[0]?.url
  const urlOf = ({ url }: RunningVariant): string => url || (control as string)
  const variant = chosen(key)
  if (!variant || !variants.some((each) => pageOf(urlOf(each)) === here)) return
  const own = variants.find((each) => each.key === variant)
  const target = new URL(variant === holdoutKey || !own ? (control as string) : urlOf(own), location.href)
  if (target.origin !== location.origin) return
  if (target.pathname === here) {
    expose(key)
    return
  }
  if (document.referrer && pageOf(document.referrer) === here) return
  for (const [name, value] of new URLSearchParams(location.search)) target.searchParams.append(name, value)
  target.hash ||= location.hash
  document.documentElement.style.visibility = 'hidden'
  location.replace(target)
}

const isSelector = (selector: string): boolean => {
  try {
    document.querySelector(selector)
    return true
  } catch {
    // One that is none takes nothing else with it.
    return false
  }
}

/** Changes texts and hides elements, before they are painted: each time the page gets something, and at no cost when it does not. */
const change = (ideas: readonly RunningIdea[], { chosen, expose }: Variants): void => {
  const exposed = new Set<string>()
  const all = ideas.flatMap(({ key, variants }) =>
    variants.flatMap((variant) => (variant.changes || []).map((each) => ({ ...each, key, of: variant.key }))),
  )
  const changes = all.filter(({ selector }) => isSelector(selector))
  const apply = (): void => {
    for (const { key, of, selector, text, hidden } of changes) {
      for (const element of document.querySelectorAll<HTMLElement>(selector)) {
        // Who sees the page as it is was shown the idea where the others see it changed.
        if (!exposed.has(key)) expose(key)
        exposed.add(key)
        if (of !== chosen(key)) continue
        if (text !== undefined && element.textContent !== text) element.textContent = text
        if (hidden) element.style.setProperty('display', 'none', 'important')
        if (hidden === false) element.hidden = false
      }
    }
  }
  // An observer is called before the next paint, so that nothing flickers and nothing has to be hidden meanwhile.
  new MutationObserver(apply).observe(document, { childList: true, subtree: true, characterData: true })
  apply()
}

/** Does to the page what its visitor's variants say. */
export const changePage = (variants: Variants): void => {
  const running = variants.ideas.filter(({ key }) => variants.chosen(key))
  for (const idea of running) if (idea.variants.some(({ url }) => url)) split(idea, variants)
  const changed = running.filter((idea) => idea.variants.some(({ changes }) => changes))
  if (changed.length > 0) change(changed, variants)
}
