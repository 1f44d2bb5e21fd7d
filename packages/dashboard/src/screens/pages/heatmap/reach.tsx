import type { HeatmapAnswer } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatShare } from '../../../format.ts'
import { colorOfHeat } from './paint.ts'

/** Bands down the page, the warmer the more saw them; every second one says how many. */
export const Reach = ({ scroll }: { scroll: HeatmapAnswer['scroll'] }) => {
  const t = useTranslations('pages.heatmap')
  return (
    <div aria-hidden className="absolute inset-0" data-reach={scroll.length}>
      {scroll.map(({ depth, reached }, place) => {
        const end = scroll[place + 1]?.depth
        if (end === undefined) return null
        const [red, green, blue] = colorOfHeat(reached / 100)
        return (
          <div
            key={depth}
            className="absolute inset-x-0 border-t border-dashed border-black/30"
            style={{ top: `${depth}%`, height: `${end - depth}%`, background: `rgb(${red} ${green} ${blue} / 0.4)` }}
          >
            {place % 2 === 1 && (
              <span className="absolute top-1 left-2 rounded bg-white/90 px-1.5 py-0.5 text-xs font-semibold text-black">
                {t('reached', { share: formatShare(reached / 100) })}
              </span>
            )}
          </div>
        )
      })}
    </div>
  )
}
