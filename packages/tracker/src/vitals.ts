import type { TrackerEvent } from '@clickwatch/contract'
import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'

// A script of its own beside the tracker, for sites that want to know how fast their pages are: Google's own measures, told as events of
// the tracker. Its tag stands before the tracker's, so that what is measured until the page is left is told before the tracker hands over.

type Page = { clickwatch?: { (...given: unknown[]): void; q?: unknown[] } }
const page = window as unknown as Page

/** Who comes back after this long begins another visit, which a measure of the page must not. */
const staleMs = 25 * 60_000
let activeMs = 0
for (const name of ['scroll', 'pointermove', 'pointerdown', 'keydown']) {
  addEventListener(
    name,
    () => {
      activeMs = performance.now()
    },
    true,
  )
}

const waiting: unknown[] = []
page.clickwatch ??= Object.assign((...given: unknown[]) => void waiting.push(given), { q: waiting })

const told = new Set<string>()
/** Tells a measure once a page: what goes on to change, as it stood when the page was first left or hidden. */
const tell = ({ id, name, value }: MetricType): void => {
  if (told.has(id) || performance.now() - activeMs > staleMs) return
  told.add(id)
  const measure: Pick<TrackerEvent, 'type' | 'value'> = {
    type: 'web_vital',
    value: Number(value.toFixed(name === 'CLS' ? 4 : 0)),
  }
  page.clickwatch?.('event', name, measure)
}

for (const watch of [onCLS, onFCP, onINP, onLCP, onTTFB]) watch(tell)
