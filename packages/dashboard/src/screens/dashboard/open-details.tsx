import type { Dimension } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import type { View } from '../../view.ts'
import { Details } from './details.tsx'
import { type PanelDefinition, type PanelTab, panels, tabOf } from './panels.ts'
import { usePropertyTab } from './properties.tsx'

type Props = {
  view: View
  onClose: () => void
  onPick: (dimension: Dimension, value: string) => void
}

const OfTab = ({ panel, tab, name, ...rest }: Props & { panel: PanelDefinition; tab: PanelTab; name: string }) => {
  const t = useTranslations('dashboard')
  // Another tab begins with a search and an order of its own.
  return <Details key={tab.dimension} tab={tab} title={`${t(`panels.${panel.id}`)}: ${name}`} {...rest} />
}

const OfProperty = ({ panel, tab, ...rest }: Props & { panel: PanelDefinition; tab: PanelTab }) => {
  const { chosen = '', tab: ofProperty } = usePropertyTab(rest.view, tab)
  return ofProperty && <OfTab panel={panel} tab={ofProperty} name={chosen} {...rest} />
}

/** The details that the view has open, of the tab that its panel shows. */
const OpenDetails = (props: Props) => {
  const { view } = props
  const t = useTranslations('dashboard.tabs')
  const panel = Object.values(panels).find(({ id }) => id === view.details)
  if (!panel) return null
  const tab = tabOf(panel, view.tabs[panel.id])
  return tab.isOfProperties ? (
    <OfProperty panel={panel} tab={tab} {...props} />
  ) : (
    <OfTab panel={panel} tab={tab} name={t(tab.id as 'source')} {...props} />
  )
}
export default OpenDetails
