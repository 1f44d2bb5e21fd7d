import { useQuery } from '@tanstack/react-query'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { useTranslations } from 'use-intl'
import worldUrl from 'world-atlas/countries-110m.json?url'
import { Failure, Skeleton } from '../components/states.tsx'
import { formatCountry, formatExact } from '../format.ts'
import { alpha2ByNumeric } from './iso-codes.ts'
import { project, sheet } from './projection.ts'

type Shape = { name: string; code: string; path: string }
type World = Topology<{ countries: GeometryCollection<{ name: string }> }>

const pathOf = (ring: readonly (readonly [number, number])[], shift: number): string =>
  `M${ring
    .map(([longitude, latitude]) =>
      project(longitude + shift, latitude)
        .map((each) => each.toFixed(1))
        .join(','),
    )
    .join('L')}Z`

/** A ring that crosses the date line goes on beyond the edge, and is drawn at the other edge too. */
const ringPath = (ring: readonly (readonly number[])[]): string => {
  let turns = 0
  let last = ring[0]?.[0] ?? 0
  const whole = ring.map(([longitude = 0, latitude = 0]): [number, number] => {
    if (Math.abs(longitude - last) > 180) turns += longitude < last ? 360 : -360
    last = longitude
    return [longitude + turns, latitude]
  })
  const isBeyond = (sign: 1 | -1) => whole.some(([longitude]) => sign * longitude > 180)
  return pathOf(whole, 0) + (isBeyond(1) ? pathOf(whole, -360) : '') + (isBeyond(-1) ? pathOf(whole, 360) : '')
}

const loadShapes = async (): Promise<Shape[]> => {
  const world = (await (await fetch(worldUrl)).json()) as World
  return feature(world, world.objects.countries).features.flatMap(({ id, geometry, properties: { name } }) => {
    // The one country with a code that has no number.
    const code = name === 'Kosovo' ? 'XK' : (alpha2ByNumeric.get(String(id)) ?? '')
    if (code === 'AQ' || (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')) return []
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    return [{ name, code, path: polygons.flat().map(ringPath).join('') }]
  })
}

/**
 * A map of the world, each country in the strength of its count. It is for the eye and the pointer: whoever uses it puts a table with the
 * same numbers beside it.
 */
export const WorldMap = (props: { counts: ReadonlyMap<string, number>; onPick: (country: string) => void }) => {
  const { counts, onPick } = props
  const t = useTranslations('map')
  const { data: shapes, error, refetch } = useQuery({ queryKey: ['world'], queryFn: loadShapes })
  const most = Math.max(1, ...counts.values())
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (!shapes) return <Skeleton lines={8} label={t('loading')} />
  return (
    <svg viewBox={`0 0 ${sheet.width} ${sheet.height}`} aria-hidden className="block h-auto w-full">
      {shapes.map(({ name, code, path }) => {
        const count = counts.get(code) ?? 0
        // By the root: otherwise one large country leaves all others pale.
        const strength = count > 0 ? 25 + 75 * Math.sqrt(count / most) : 0
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the table beside it is the way by keyboard
          <path
            key={name}
            d={path}
            data-country={code}
            data-count={count}
            onClick={() => count > 0 && onPick(code)}
            className={count > 0 ? 'cursor-pointer hover:opacity-80' : undefined}
            fill={`color-mix(in oklab, var(--accent) ${strength.toFixed(0)}%, var(--raised))`}
            stroke="var(--card)"
            strokeWidth={0.7}
          >
            <title>{t('country', { name: code ? formatCountry(code) : name, count: formatExact(count) })}</title>
          </path>
        )
      })}
    </svg>
  )
}
