import clsx from 'clsx'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { everyNth, linePath, niceTicks, type Point } from './line-shape.ts'

export type ChartPoint = {
  /** Under the axis, short. */
  label: string
  value: number | null
  /** The same of the range that is compared with; undefined where there is none. */
  before?: number | null
}

const margin = { top: 14, right: 14, bottom: 26, left: 46 }
const labelWidth = 68
const tickCount = 4

const useWidth = () => {
  const element = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    setWidth(element.current.clientWidth)
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return [element, width] as const
}

/** Lines over time, drawn without a library: the first screen waits for none. Pointer and arrow keys tell one point after the other. */
export const LineChart = (props: {
  label: string
  points: readonly ChartPoint[]
  height: number
  /** Whether values are counts, so that there is nothing between 1 and 2. */
  isWhole: boolean
  /** The last point is of a time that is not over: the way to it is dashed. */
  isUnfinished: boolean
  format: (value: number | null) => string
  /** Points with something to say, by index. */
  marks?: ReadonlyMap<number, string>
  /** What is said of a point, in words and as it is shown. */
  textOf: (index: number) => string
  tipOf: (index: number) => ReactNode
  onPick?: (index: number) => void
}) => {
  const { points, height, format, isUnfinished, marks } = props
  const [element, width] = useWidth()
  const [active, setActive] = useState<number>()
  const current = active === undefined ? undefined : Math.min(active, points.length - 1)

  const most = Math.max(0, ...points.flatMap(({ value, before }) => [value ?? 0, before ?? 0]))
  const ticks = niceTicks(most, tickCount, props.isWhole)
  const top = ticks.at(-1) || 1
  const [room, rise] = [Math.max(0, width - margin.left - margin.right), height - margin.top - margin.bottom]
  const xOf = (index: number) => margin.left + (points.length > 1 ? (room * index) / (points.length - 1) : room / 2)
  const yOf = (value: number) => margin.top + rise * (1 - value / top)
  const pointsOf = (key: 'value' | 'before'): Point[] =>
    points.flatMap((point, index) => {
      const value = point[key]
      return typeof value === 'number' ? [{ x: xOf(index), y: yOf(value) }] : []
    })
  const line = pointsOf('value')
  const finished = isUnfinished ? line.slice(0, -1) : line
  const lastX = finished.at(-1)?.x ?? 0
  const base = yOf(0)
  const nth = everyNth(points.length, room, labelWidth)

  const indexAt = (event: PointerEvent<HTMLDivElement>): number => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left
    return Math.max(0, Math.min(points.length - 1, Math.round((x / Math.max(1, room)) * (points.length - 1))))
  }
  const move = (event: KeyboardEvent) => {
    const last = points.length - 1
    const from = current ?? last
    const next = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key]
    if (next !== undefined) {
      event.preventDefault()
      setActive(Math.max(0, Math.min(last, next)))
    } else if (event.key === 'Enter') {
      // The same key would press what the dialog that it opens focuses first: its cross.
      event.preventDefault()
      props.onPick?.(from)
    }
  }
  const at = current === undefined ? undefined : points[current]
  const tipX = current === undefined ? 0 : xOf(current)

  return (
    <div
      ref={element}
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, points.length - 1)}
      aria-valuenow={current ?? Math.max(0, points.length - 1)}
      aria-valuetext={points.length > 0 ? props.textOf(current ?? points.length - 1) : ''}
      onKeyDown={move}
      onFocus={(event) => event.currentTarget.matches(':focus-visible') && setActive(points.length - 1)}
      onBlur={() => setActive(undefined)}
      onPointerMove={(event) => setActive(indexAt(event))}
      onPointerLeave={() => setActive(undefined)}
      onClick={() => current !== undefined && props.onPick?.(current)}
      className={clsx('relative', props.onPick && 'cursor-pointer')}
      style={{ height }}
    >
      {width > 0 && (
        <svg width="100%" height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden className="block text-xs">
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={margin.left} x2={width - margin.right} y1={yOf(tick)} y2={yOf(tick)} className="stroke-line" />
              <text x={margin.left - 8} y={yOf(tick)} dy="0.35em" textAnchor="end" className="fill-soft">
                {format(tick)}
              </text>
            </g>
          ))}
          {points.map(
            ({ label }, index) =>
              index % nth === 0 && (
                <text
                  // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in time
                  key={index}
                  x={xOf(index)}
                  y={height - 6}
                  textAnchor={
                    index === 0 && points.length > 1 ? 'start' : index === points.length - 1 ? 'end' : 'middle'
                  }
                  className="fill-soft"
                >
                  {label}
                </text>
              ),
          )}
          {[...(marks ?? [])].map(([index]) => (
            <g key={index} data-mark={index}>
              <line
                x1={xOf(index)}
                x2={xOf(index)}
                y1={margin.top}
                y2={base}
                className="stroke-accent"
                strokeDasharray="1 4"
              />
              <circle cx={xOf(index)} cy={margin.top - 4} r={4} className="fill-accent" />
            </g>
          ))}
          {finished.length > 1 && (
            <path
              d={`${linePath(finished)}L${lastX},${base}L${finished[0]?.x ?? 0},${base}Z`}
              className="fill-accent opacity-12"
            />
          )}
          <path
            d={linePath(pointsOf('before'))}
            data-line="before"
            className="fill-none stroke-soft"
            strokeWidth={1.5}
            strokeDasharray="4 4"
          />
          <path
            d={linePath(finished)}
            data-line="value"
            className="fill-none stroke-accent"
            strokeWidth={2.5}
            strokeLinecap="round"
          />
          {isUnfinished && (
            <path
              d={linePath(line.slice(-2))}
              data-line="unfinished"
              className="fill-none stroke-accent"
              strokeWidth={2.5}
              strokeDasharray="2 5"
              strokeLinecap="round"
            />
          )}
          {line.length === 1 && <circle cx={line[0]?.x} cy={line[0]?.y} r={4} className="fill-accent" />}
          {at && (
            <g>
              <line x1={tipX} x2={tipX} y1={margin.top} y2={base} className="stroke-soft opacity-40" />
              {typeof at.before === 'number' && (
                <circle cx={tipX} cy={yOf(at.before)} r={3.5} className="fill-card stroke-soft" strokeWidth={1.5} />
              )}
              {at.value !== null && (
                <circle cx={tipX} cy={yOf(at.value)} r={4.5} className="fill-accent stroke-card" strokeWidth={2} />
              )}
            </g>
          )}
        </svg>
      )}
      {at && current !== undefined && (
        <div
          aria-hidden
          className="pointer-events-none absolute top-2 z-10 max-w-64 rounded-lg border border-line bg-card px-3 py-2 text-xs shadow-lg"
          style={tipX > width / 2 ? { right: width - tipX + 12 } : { left: tipX + 12 }}
        >
          {props.tipOf(current)}
        </div>
      )}
    </div>
  )
}
