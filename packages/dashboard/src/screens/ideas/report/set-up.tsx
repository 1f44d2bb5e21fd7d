import type { Idea } from '@clickwatch/contract'
import { ExternalLink } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useSites } from '../../../api/queries.ts'
import { CopiedSnippet } from './copied-snippet.tsx'
import { previewLinks } from './preview-links.ts'
import { buttonOf, doorOf, elementOf, tagsOf } from './snippets.ts'

/** What goes onto the page: the tags, the element, the door, and a link to each variant as its visitors see it. */
export const SetUp = ({ site, idea }: { site: string; idea: Idea }) => {
  const t = useTranslations('ideaReport.setUp')
  const { origin } = window.location
  const script = origin + (useSites(site).data?.script_path ?? '/clickwatch.js')
  const door = idea.door ? doorOf(origin, site, idea) : undefined
  const element = elementOf(idea)
  const previews = previewLinks(idea)
  return (
    <div className="space-y-5">
      <CopiedSnippet
        name={t('tags')}
        about={idea.variants ? t('tagsVariants') : idea.door ? t('tagsDoor') : t('tagsAbout')}
        text={tagsOf(script, site, idea)}
      />
      {element !== undefined && (
        <CopiedSnippet name={t('element')} about={t('elementAbout')} text={buttonOf(idea.name, element, door)} />
      )}
      {idea.variants && (
        <CopiedSnippet
          name={t('code')}
          about={t('codeAbout')}
          text={`clickwatch.variant('${idea.key}') // ${idea.variants.map(({ key }) => `'${key}'`).join(' | ')}`}
        />
      )}
      {door !== undefined && (
        <div>
          <p className="font-medium">{t('door')}</p>
          <p className="text-sm text-soft">{t('doorAbout')}</p>
          <p className="mt-1">
            <a
              href={door}
              target="_blank"
              rel="noopener"
              className="inline-flex items-center gap-1.5 font-medium wrap-anywhere text-accent underline"
            >
              {door} <ExternalLink size={14} aria-hidden className="shrink-0" />
            </a>
          </p>
        </div>
      )}
      {previews.length > 0 && (
        <div>
          <p className="font-medium">{t('previews')}</p>
          <p className="mb-1.5 text-sm text-soft">{t('previewsAbout')}</p>
          <div className="space-y-2">
            {previews.map(({ key, name, text }) => (
              <CopiedSnippet key={key} name={name} text={text} />
            ))}
          </div>
        </div>
      )}
    </div>
  )
}
