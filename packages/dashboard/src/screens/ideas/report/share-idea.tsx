import type { Link, NewLink } from '@clickwatch/contract'
import { Share2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Sheet } from '../../../components/sheet.tsx'
import { secondary } from '../../settings/fields.tsx'
import { KeptList } from '../../settings/kept-list.tsx'
import { CopyLink, type LinkDraft, linkDraftOf, useLinkDetail, useLinkDrafting } from '../../settings/link-drafting.tsx'

const Links = ({ site, id }: { site: string; id: string }) => {
  const t = useTranslations('ideaReport.share')
  const detail = useLinkDetail()
  return (
    <div className="-mx-5 min-h-0 overflow-y-auto px-5 pb-1">
      <KeptList<Link, LinkDraft, NewLink>
        site={site}
        noun="links"
        about={t('about')}
        empty={t('empty')}
        isShown={({ idea }) => idea === id}
        draftOf={linkDraftOf(id)}
        drafting={useLinkDrafting(site)}
        nameOf={({ name }) => name}
        detail={(link) => detail(link).join(' · ')}
        actions={(link) => <CopyLink link={link} />}
      />
    </div>
  )
}

/** The links that show this idea's report, and nothing else, to whoever has one. */
export const ShareIdea = ({ site, id, name }: { site: string; id: string; name: string }) => {
  const t = useTranslations('ideaReport.share')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)} className={secondary}>
        <Share2 size={15} aria-hidden className="-ml-0.5 mr-1.5 inline align-[-2px]" />
        {t('share')}
      </button>
      <Sheet isOpen={isOpen} onClose={() => setIsOpen(false)} title={t('title', { name })} isWide>
        <Links site={site} id={id} />
      </Sheet>
    </>
  )
}
