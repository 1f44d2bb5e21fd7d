import type { HeatmapAnswer } from '@clickwatch/contract'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useHeatmap } from '../../../api/behaviour.ts'
import { useStats } from '../../../api/queries.ts'
import { formatExact } from '../../../format.ts'
import type { View } from '../../../view.ts'
import { Answer, Empty } from '../../behaviour/answer.tsx'
import { scopeOf } from '../../behaviour/scope.ts'
import type { Background, Change, Device, Kind, OwnSearch } from '../pages-search.ts'
import { AddressBar, type Loaded } from './address-bar.tsx'
import { Controls } from './controls.tsx'
import { DropZone } from './drop-zone.tsx'
import { HeatTable } from './heat-table.tsx'
import { LivePage } from './live-page.tsx'
import { Reach } from './reach.tsx'
import { screenshotKey } from './screenshots.ts'
import { Stage } from './stage.tsx'
import { useScreenshot } from './use-screenshot.ts'

const usualWidth = 1280
const usualStrength = 0.8

/** Where the page probably is: at the host its views mostly came from. */
const useAddress = (view: View, page: string): string => {
  const { data } = useStats({
    site_id: view.site,
    date_range: view.range,
    metrics: ['pageviews'],
    dimensions: ['event:hostname'],
    filters: [['is', 'event:page', [page]]],
    pagination: { limit: 1 },
  })
  const host = data?.results[0]?.dimensions[0] ?? ''
  if (host === '') return ''
  const isLocal = /^(localhost|127\.|\[?::1)/.test(host)
  return `${isLocal ? 'http' : 'https'}://${host}${page}`
}

const Drawn = (props: {
  view: View
  page: string
  kind: Kind
  device: Device | undefined
  over: Background
  strength: number
  answer: HeatmapAnswer
}) => {
  const t = useTranslations('pages.heatmap')
  const { view, page, kind, over, answer } = props
  const guess = useAddress(view, page)
  const [loaded, setLoaded] = useState<Loaded>()
  const screenshot = useScreenshot(screenshotKey(view.site, page, props.device ?? 'all'))
  const picture = over === 'shot' ? screenshot.picture : undefined
  const width = answer.width || usualWidth
  const height = picture ? (picture.height * width) / picture.width : answer.height || width
  const isScroll = kind === 'scroll'
  const needsPicture = over === 'shot' && !screenshot.picture
  return (
    <>
      {over === 'live' && <AddressBar guess={guess} loaded={loaded} onLoad={setLoaded} />}
      {over === 'shot' && screenshot.picture && (
        <button
          type="button"
          onClick={() => void screenshot.forget()}
          className="mb-3 rounded-md px-2 py-1 text-xs font-medium text-accent hover:bg-raised print:hidden"
        >
          {t('shotForget')}
        </button>
      )}
      {needsPicture ? (
        <DropZone onFile={(file) => void screenshot.take(file)} isBad={screenshot.isBad} />
      ) : (
        <Stage
          width={width}
          height={height}
          points={isScroll ? undefined : answer.points}
          picture={picture}
          label={t('canvas', { page, kind: t(`kinds.${kind}`) })}
          strength={props.strength}
          behind={(scale) =>
            over === 'live' &&
            loaded && <LivePage page={page} {...loaded} width={width} height={height} scale={scale} />
          }
          over={isScroll && <Reach scroll={answer.scroll} />}
        />
      )}
    </>
  )
}

/** Where a page was clicked or looked at, or how far it was seen, over the page itself, a picture of it, or nothing. */
export const Heatmap = (props: { view: View; page: string; own: OwnSearch; onOwn: (change: Change) => void }) => {
  const t = useTranslations('pages.heatmap')
  const { view, page, own } = props
  const kind = own.kind ?? 'click'
  const isScroll = kind === 'scroll'
  const [strength, setStrength] = useState(usualStrength)
  const question = useHeatmap({ ...scopeOf(view), page, kind, ...(own.device ? { device: own.device } : {}) })
  return (
    <>
      <Controls own={own} strength={strength} onStrength={setStrength} onOwn={props.onOwn} />
      <Answer question={question} loading={t('loading')} lines={8}>
        {(answer) => {
          const count = answer.points.reduce((sum, point) => sum + point.count, 0)
          if (isScroll ? answer.scroll.length === 0 || answer.pageviews === 0 : count === 0)
            return <Empty title={isScroll ? t('noScroll') : t('nothing')}>{t('nothingHow')}</Empty>
          return (
            <>
              <p className="mb-3 text-soft" data-pageviews={answer.pageviews} data-points={count}>
                {isScroll
                  ? t('scrollSummary', { views: answer.pageviews })
                  : t('summary', { points: count, views: answer.pageviews, width: formatExact(answer.width) })}
              </p>
              <Drawn
                view={view}
                page={page}
                kind={kind}
                device={own.device}
                over={own.over ?? 'blank'}
                strength={strength}
                answer={answer}
              />
              {answer.widths.length > 0 && (
                <p className="mt-2 text-xs text-soft">
                  {t('widths', {
                    list: answer.widths
                      .slice(0, 5)
                      .map(({ width, pageviews }) => `${formatExact(width)} (${formatExact(pageviews)}×)`)
                      .join(', '),
                  })}
                </p>
              )}
              <details className="mt-4 border-t border-line pt-3">
                <summary className="cursor-pointer font-medium text-accent">{t('table')}</summary>
                <div className="mt-2">
                  <HeatTable answer={answer} isScroll={isScroll} />
                </div>
              </details>
            </>
          )
        }}
      </Answer>
    </>
  )
}
