import { lazy, Suspense } from 'react'
import type { ChartOption } from './echart.tsx'

const EChart = lazy(() => import('./echart.tsx'))

/** A drawing for the eye; `label` says in words what it shows, and the numbers stand in a table beside it for everyone else. */
export const Chart = (props: {
  label: string
  height: number
  option: (color: (name: string) => string) => ChartOption
}) => (
  <div role="img" aria-label={props.label} style={{ height: props.height }}>
    <Suspense fallback={<div className="h-full rounded-lg bg-raised/50" />}>
      <EChart {...props} />
    </Suspense>
  </div>
)
