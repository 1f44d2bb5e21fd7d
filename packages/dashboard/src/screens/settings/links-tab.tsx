import type { Link, NewLink } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useIdeas } from '../../api/ideas.ts'
import { CopyButton } from './copy-button.tsx'
import { KeptList } from './kept-list.tsx'
import {
  addressOf,
  CopyLink,
  type LinkDraft,
  linkDraftOf,
  useLinkDetail,
  useLinkDrafting,
  useRangeText,
} from './link-drafting.tsx'
import { useLimitText } from './segment-select.tsx'

const frameOf = ({ path, name }: Link): string => {
  const title = name.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return `<iframe src="${addressOf(path)}?embed=1" title="${title}" width="100%" height="1600" style="border:0" loading="lazy"></iframe>`
}

/** What links show, for a list: the report of an idea, or what of the dashboard. */
const useShownText = (site: string): ((link: Link) => string[]) => {
  const words = useTranslations('settings.links')
  const limitText = useLimitText(site)
  const rangeText = useRangeText()
  const { data } = useIdeas(site)
  return ({ idea, filters, date_range }) => {
    if (idea !== undefined) {
      const name = data?.ideas.find(({ id }) => id === idea)?.name
      return [name === undefined ? words('ofAnIdea') : words('ofIdea', { name })]
    }
    return [limitText(filters), ...(date_range ? [rangeText(date_range)] : [])]
  }
}

export const LinksTab = ({ site }: { site: string }) => {
  const words = useTranslations('settings.links')
  const shownText = useShownText(site)
  const detail = useLinkDetail()
  return (
    <KeptList<Link, LinkDraft, NewLink>
      site={site}
      noun="links"
      draftOf={linkDraftOf()}
      drafting={useLinkDrafting(site)}
      nameOf={({ name }) => name}
      detail={(link) => [...shownText(link), ...detail(link)].join(' · ')}
      actions={(link) => (
        <>
          <CopyLink link={link} />
          <CopyButton
            text={frameOf(link)}
            label={words('copyEmbed')}
            name={words('copyEmbedNamed', { name: link.name })}
          />
        </>
      )}
    />
  )
}
