import { useTranslations } from 'use-intl'

/** The page itself in a frame of a frame: only the document between may frame other sites. It takes no input. */
export const LivePage = (props: {
  page: string
  address: string
  runsScripts: boolean
  width: number
  height: number
  scale: number
}) => {
  const t = useTranslations('pages.heatmap')
  const { address, runsScripts } = props
  return (
    <iframe
      key={`${address} ${runsScripts}`}
      src="/page-frame"
      title={t('frameTitle', { page: props.page })}
      tabIndex={-1}
      onLoad={(event) => event.currentTarget.contentWindow?.postMessage({ address, runsScripts }, location.origin)}
      className="pointer-events-none absolute top-0 left-0 origin-top-left border-0 bg-white"
      style={{ width: props.width, height: props.height, transform: `scale(${props.scale})` }}
    />
  )
}
