import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'

const shownMs = 2000

/** The line that a site's pages need, and a way to copy it. */
export const TrackingSnippet = ({ site, scriptPath }: { site: string; scriptPath: string }) => {
  const t = useTranslations('empty')
  const code = useRef<HTMLElement>(null)
  const [isCopied, setIsCopied] = useState(false)
  const attribute = site === 'default' ? '' : ` data-site="${site}"`
  const text = `<script defer src="${location.origin}${scriptPath}"${attribute}></script>`
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      // Only pages of https and of this machine have a clipboard, and browsers may refuse it: it is selected to be copied by hand.
      if (code.current) getSelection()?.selectAllChildren(code.current)
      return
    }
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), shownMs)
  }
  return (
    <div className="mt-2 flex items-center gap-2 rounded-lg bg-raised p-2 pl-3">
      <code ref={code} className="min-w-0 flex-1 wrap-anywhere text-xs text-ink">
        {text}
      </code>
      <button
        type="button"
        onClick={() => void copy()}
        className="shrink-0 rounded-md p-1.5 hover:bg-card"
        aria-label={t('copy')}
      >
        {isCopied ? <Check size={16} aria-hidden className="text-good" /> : <Copy size={16} aria-hidden />}
      </button>
      <span role="status" className="sr-only">
        {isCopied ? t('copied') : ''}
      </span>
    </div>
  )
}
