import type { JourneysAnswer } from '@clickwatch/contract'
import clsx from 'clsx'
import { useMemo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { formatCount, formatExact } from '../../format.ts'
import { useWidth } from '../behaviour/use-width.ts'
import { type Band, type Box, barWidth, layOut } from './flow.ts'

const curve = ({ x0, y0, x1, y1 }: Band): string => {
  const middle = (x0 + x1) / 2
  return `M${x0},${y0} C${middle},${y0} ${middle},${y1} ${x1},${y1}`
}

/** Ways as bands between pages. A page is a button that begins there; what is pointed at stands out. */
export const Sankey = (props: { answer: JourneysAnswer; isBackwards: boolean; onPage: (page: string) => void }) => {
  const t = useTranslations('journeys')
  const { answer, isBackwards } = props
  const [element, room] = useWidth<HTMLDivElement>()
  const flow = useMemo(() => layOut(answer, isBackwards, room), [answer, isBackwards, room])
  const { columnWidth } = flow
  const [picked, setPicked] = useState<Box>()
  const nameOf = (page: string) => page || t('rest')
  const steps = Math.max(0, ...flow.boxes.map(({ step }) => step))
  const stepName = (step: number) => {
    if (step === 0) return isBackwards ? t('end') : t('start')
    return isBackwards ? t('before', { steps: step }) : t('stepName', { step: step + 1 })
  }
  return (
    <div ref={element} className="overflow-x-auto pb-2" data-sankey>
      <div style={{ width: flow.width }}>
        <div aria-hidden className="mb-2 flex text-xs font-medium text-soft">
          {Array.from({ length: steps + 1 }, (_, column) => (isBackwards ? steps - column : column)).map((step) => (
            <span key={step} style={{ width: columnWidth }}>
              {stepName(step)}
            </span>
          ))}
        </div>
        <div className="relative" style={{ height: flow.height }}>
          <svg aria-hidden="true" width={flow.width} height={flow.height} className="absolute inset-0">
            {flow.bands.map((band) => (
              <path
                key={`${band.from.step} ${band.from.page} → ${band.to.page}`}
                d={curve(band)}
                fill="none"
                strokeWidth={band.width}
                className={clsx(
                  'stroke-accent transition-[stroke-opacity]',
                  picked && (band.from === picked || band.to === picked)
                    ? '[stroke-opacity:0.55]'
                    : picked
                      ? '[stroke-opacity:0.08]'
                      : '[stroke-opacity:0.22] hover:[stroke-opacity:0.5]',
                )}
              >
                <title>
                  {t('linkTitle', {
                    from: nameOf(band.from.page),
                    to: nameOf(band.to.page),
                    visits: formatExact(band.visits),
                  })}
                </title>
              </path>
            ))}
          </svg>
          {flow.boxes.map((box) => {
            const isRest = box.page === ''
            const ends = t(isBackwards ? 'began' : 'ended', { count: box.exits })
            return (
              <button
                key={`${box.step} ${box.page}`}
                type="button"
                disabled={isRest}
                title={`${nameOf(box.page)} · ${t('visits', { count: box.visits })} · ${ends}`}
                data-node={`${box.step} ${box.page}`}
                data-visits={box.visits}
                onClick={() => props.onPage(box.page)}
                onMouseEnter={() => setPicked(box)}
                onMouseLeave={() => setPicked(undefined)}
                onFocus={() => setPicked(box)}
                onBlur={() => setPicked(undefined)}
                className="absolute flex items-start text-left text-xs enabled:hover:text-accent"
                style={{ left: box.x, top: box.y, width: columnWidth - 16, minHeight: 22, height: box.height }}
              >
                <span
                  className="relative h-full shrink-0 overflow-hidden rounded-sm bg-accent"
                  style={{ width: barWidth, height: box.height }}
                >
                  <span
                    className={clsx('absolute inset-x-0 bottom-0', isBackwards ? 'bg-good' : 'bg-soft')}
                    style={{ height: `${box.visits > 0 ? (100 * box.exits) / box.visits : 0}%` }}
                  />
                </span>
                <span className="ml-1.5 flex min-w-0 items-baseline gap-1.5 rounded bg-card/80 px-1 py-0.5">
                  <span className={clsx('truncate', isRest ? 'text-soft italic' : 'font-medium')}>
                    {nameOf(box.page)}
                  </span>
                  <span className="shrink-0 text-soft">{formatCount(box.visits)}</span>
                  <span className="sr-only">{t('nodeLabel', { visits: box.visits, step: box.step + 1, ends })}</span>
                </span>
              </button>
            )
          })}
        </div>
      </div>
    </div>
  )
}
