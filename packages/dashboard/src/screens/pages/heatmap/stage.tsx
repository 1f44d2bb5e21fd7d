import type { HeatmapAnswer } from '@clickwatch/contract'
import { type ReactNode, useEffect, useRef } from 'react'
import { Scrolling } from '../../../components/scrolling.tsx'
import { useWidth } from '../../behaviour/use-width.ts'
import { paintHeat } from './paint.ts'

// A canvas beyond this is refused by some browsers.
const tallestCanvasPx = 12_000

const Heat = ({
  points,
  width,
  height,
  scale,
  label,
}: {
  points: HeatmapAnswer['points']
  width: number
  height: number
  scale: number
  label: string
}) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  const fit = Math.min(1, tallestCanvasPx / Math.max(1, height * scale))
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context) paintHeat(context, points, scale * fit)
  }, [points, scale, fit])
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      data-heat={points.length}
      width={Math.round(width * scale * fit)}
      height={Math.round(height * scale * fit)}
      className="pointer-events-none absolute inset-0 h-full w-full"
    />
  )
}

const Picture = ({ picture }: { picture: ImageBitmap }) => {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(picture, 0, 0)
  }, [picture])
  return (
    <canvas
      ref={canvas}
      aria-hidden
      width={picture.width}
      height={picture.height}
      className="absolute inset-0 h-full w-full"
    />
  )
}

/**
 * A page as wide as there is room, with something over it.
 * @param width and height of the page in CSS pixels, which `points` are in
 * @param behind what is drawn below, given how much smaller the page is shown
 */
export const Stage = (props: {
  width: number
  height: number
  points: HeatmapAnswer['points'] | undefined
  picture: ImageBitmap | undefined
  label: string
  strength: number
  behind: (scale: number) => ReactNode
  over?: ReactNode
}) => {
  const [element, room] = useWidth<HTMLElement>()
  // A phone's page is not blown up to the width of a desk.
  const scale = Math.min(1, room / Math.max(1, props.width))
  return (
    <Scrolling
      element={element}
      label={props.label}
      className="max-h-[80vh] rounded-xl border border-line bg-raised print:max-h-none"
    >
      <div
        className="relative mx-auto overflow-hidden bg-white print:[print-color-adjust:exact]"
        style={{ width: props.width * scale, height: props.height * scale }}
      >
        {props.behind(scale)}
        {props.picture && <Picture picture={props.picture} />}
        <div className="absolute inset-0" style={{ opacity: props.strength }}>
          {props.points && scale > 0 && (
            <Heat points={props.points} width={props.width} height={props.height} scale={scale} label={props.label} />
          )}
          {props.over}
        </div>
      </div>
    </Scrolling>
  )
}
