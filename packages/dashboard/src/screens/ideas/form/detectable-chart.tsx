import type { IdeaPlanAnswer } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { everyNth, niceTicks } from '../../../components/line-shape.ts'
import { useWidth } from '../../behaviour/use-width.ts'
import { formatRate } from '../rates.ts'

const margin = { top: 10, right: 10, bottom: 32, left: 44 }
const height = 170
const labelWidth = 34

/** After so many days: which rates could be told from the bar. What lies between the two lines could not. */
export const DetectableChart = ({ detectable, bar }: { detectable: IdeaPlanAnswer['detectable']; bar: number }) => {
  const t = useTranslations('ideaForm.plan')
  const [element, width] = useWidth<HTMLDivElement>()
  const most = Math.min(1, Math.max(bar * 2, ...detectable.map(({ above }) => Math.min(above ?? 0, bar * 3))))
  const ticks = niceTicks(most, 4, false)
  const top = ticks.at(-1) || 1
  const [room, rise] = [Math.max(0, width - margin.left - margin.right), height - margin.top - margin.bottom]
  const x = (place: number) =>
    margin.left + (detectable.length > 1 ? (room * place) / (detectable.length - 1) : room / 2)
  const y = (rate: number) => margin.top + rise * (1 - Math.min(rate, top) / top)
  const edge = (key: 'above' | 'below', otherwise: number): string[] =>
    detectable.map((point, place) => `${x(place).toFixed(1)},${y(point[key] ?? otherwise).toFixed(1)}`)
  const above = edge('above', top)
  const below = edge('below', 0)
  const nth = everyNth(detectable.length, room, labelWidth)
  const last = detectable.at(-1)
  const said =
    last?.above != null
      ? t('curveSays', { days: last.days, above: formatRate(last.above), below: formatRate(last.below ?? 0) })
      : t('curveOpen', { days: last?.days ?? 0 })
  return (
    <figure>
      <figcaption className="mb-1 text-sm font-medium">{t('curve')}</figcaption>
      <div ref={element} role="img" aria-label={said} style={{ height }}>
        {width > 0 && (
          <svg width="100%" height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden className="block text-xs">
            {ticks.map((tick) => (
              <g key={tick}>
                <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
                <text x={margin.left - 6} y={y(tick)} dy="0.35em" textAnchor="end" className="fill-soft">
                  {formatRate(tick)}
                </text>
              </g>
            ))}
            <polygon points={[...above, ...below.toReversed()].join(' ')} className="fill-accent opacity-12" />
            <polyline points={above.join(' ')} className="fill-none stroke-accent" strokeWidth={2} />
            <polyline points={below.join(' ')} className="fill-none stroke-accent" strokeWidth={2} />
            <line
              x1={margin.left}
              x2={width - margin.right}
              y1={y(bar)}
              y2={y(bar)}
              className="stroke-ink"
              strokeWidth={1.5}
              strokeDasharray="5 4"
            />
            {detectable.map(
              ({ days }, place) =>
                place % nth === 0 && (
                  <text key={days} x={x(place)} y={height - 16} textAnchor="middle" className="fill-soft">
                    {days}
                  </text>
                ),
            )}
            <text x={margin.left + room / 2} y={height - 2} textAnchor="middle" className="fill-soft">
              {t('days')}
            </text>
          </svg>
        )}
      </div>
      <p className="mt-1 text-xs text-soft">{said}</p>
    </figure>
  )
}
