import { LineChart, type LineSeriesOption, PieChart, type PieSeriesOption } from 'echarts/charts'
import {
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components'
import { type ComposeOption, type ECharts, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useColorsVersion } from '../theme.ts'

use([LineChart, PieChart, GridComponent, TooltipComponent, CanvasRenderer])

export type ChartOption = ComposeOption<
  LineSeriesOption | PieSeriesOption | GridComponentOption | TooltipComponentOption
>

const probe = document.createElement('span')

/** What a colour of the theme comes to now: a canvas knows no variables. */
const colorOf = (name: string): string => {
  probe.style.color = `var(--${name})`
  document.body.append(probe)
  const color = getComputedStyle(probe).color
  probe.remove()
  return color
}

const EChart = ({ option }: { option: (color: (name: string) => string) => ChartOption }) => {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(null)
  const colors = useColorsVersion()

  useEffect(() => {
    if (!element.current) return
    const made = init(element.current)
    chart.current = made
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      made.dispose()
    }
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the page, whose change is the version's
  useEffect(() => {
    const isStill = matchMedia('(prefers-reduced-motion: reduce), print').matches
    chart.current?.setOption({ animation: !isStill, animationDuration: 300, ...option(colorOf) }, { notMerge: true })
  }, [option, colors])

  return <div ref={element} className="h-full w-full" />
}
export default EChart
