import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type EChartsOption, init } from 'echarts'

/** One curve: its points are pairs of x and y. */
export type Curve = { name: string; points: readonly (readonly [number, number])[] }
/** One picture; several stand below each other. */
export type Plot = { title: string; unit: string; curves: readonly Curve[] }

const [width, height] = [860, 240]
const ink = '#566079'

/**
 * Writes plots that share an x axis, below each other, as SVG under docs/images.
 * @param x the axis they share
 */
export const writePlots = (
  file: string,
  x: { name: string; isLog?: boolean; format?: (value: number) => string },
  plots: readonly Plot[],
): void => {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: height * plots.length })
  const of = <T>(make: (plot: Plot, index: number) => T): T[] => plots.map(make)
  const option: EChartsOption = {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'system-ui, sans-serif', color: ink },
    title: of(({ title, unit }, index) => ({
      text: `${title} (${unit})`,
      top: index * height + 8,
      left: 12,
      textStyle: { fontSize: 13, color: '#141a2b' },
    })),
    legend: of(({ curves }, index) => ({
      data: curves.length > 1 ? curves.map(({ name }) => `${index} ${name}`) : [],
      formatter: (name: string) => name.replace(/^\d+ /, ''),
      top: index * height + 8,
      right: 12,
      // Texts are wider than they are taken to be without a browser.
      itemGap: 32,
    })),
    grid: of((_plot, index) => ({ top: index * height + 44, height: height - 92, left: 64, right: 24 })),
    xAxis: of((_plot, index) => ({
      gridIndex: index,
      type: x.isLog ? ('log' as const) : ('value' as const),
      name: index === plots.length - 1 ? x.name : '',
      nameLocation: 'middle' as const,
      nameGap: 28,
      min: 'dataMin' as const,
      max: 'dataMax' as const,
      splitLine: { show: false },
      axisLabel: { formatter: x.format ?? ((value: number) => value.toLocaleString('en')) },
    })),
    yAxis: of((_plot, index) => ({
      gridIndex: index,
      type: 'value' as const,
      min: 0,
      axisLabel: { formatter: (value: number) => value.toLocaleString('en') },
    })),
    series: plots.flatMap(({ curves }, index) =>
      curves.map(({ name, points }) => ({
        name: `${index} ${name}`,
        type: 'line' as const,
        xAxisIndex: index,
        yAxisIndex: index,
        showSymbol: points.length < 30,
        data: points.map((point) => [...point]),
      })),
    ),
  }
  chart.setOption(option)
  const path = join(import.meta.dirname, '../docs/images', file)
  mkdirSync(dirname(path), { recursive: true })
  const [svg, title] = [chart.renderToSVGString(), plots.map((plot) => plot.title).join(', ')]
  writeFileSync(path, `${svg.replace(/<svg [^>]*>/, (tag) => `${tag}\n<title>${title}</title>`)}\n`)
  chart.dispose()
}
