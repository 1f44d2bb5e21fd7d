import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { secondary } from './fields.tsx'

const shownMs = 2000

/** Puts a text on the clipboard; where the browser does not allow that, shows it to be copied by hand. */
export const CopyButton = ({ text, label, name }: { text: string; label: string; name: string }) => {
  const t = useTranslations('settings.links')
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready')
  const copy = () =>
    // Only pages of https and of this machine have a clipboard.
    (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => {
        setState('copied')
        setTimeout(() => setState('ready'), shownMs)
      },
      () => setState('refused'),
    )
  return (
    <>
      <button type="button" aria-label={name} onClick={() => void copy()} className={secondary}>
        {state === 'copied' ? t('copied') : label}
      </button>
      {state === 'refused' && (
        <input
          readOnly
          aria-label={label}
          value={text}
          onFocus={(event) => event.target.select()}
          className="w-48 rounded-lg border border-line bg-paper px-2 py-1"
        />
      )}
    </>
  )
}
