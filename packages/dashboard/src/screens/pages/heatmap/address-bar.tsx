import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'

export type Loaded = { address: string; runsScripts: boolean }

/** Which address is framed, and that it is only once somebody says so: what a site's events name as its host, anyone may have sent. */
export const AddressBar = (props: { guess: string; loaded: Loaded | undefined; onLoad: (loaded: Loaded) => void }) => {
  const t = useTranslations('pages.heatmap')
  const [address, setAddress] = useState(props.guess)
  useEffect(() => setAddress(props.guess), [props.guess])
  return (
    <form
      className="mb-3 print:hidden"
      onSubmit={(event) => {
        event.preventDefault()
        props.onLoad({ address, runsScripts: props.loaded?.runsScripts ?? false })
      }}
    >
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="url"
          required
          pattern="https?://.+"
          aria-label={t('address')}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          className="min-w-48 flex-1 rounded-lg border border-line bg-card px-2.5 py-1.5"
        />
        <button type="submit" className="rounded-lg bg-accent px-3 py-1.5 font-medium text-on-accent">
          {t('load')}
        </button>
        {props.loaded && (
          <label className="flex items-center gap-1.5" title={t('scriptsHow')}>
            <input
              type="checkbox"
              checked={props.loaded.runsScripts}
              onChange={(event) => props.onLoad({ address, runsScripts: event.target.checked })}
            />
            {t('scripts')}
          </label>
        )}
      </div>
      <p className="mt-1 text-xs text-soft">{props.loaded ? t('scriptsHow') : t('loadHow')}</p>
    </form>
  )
}
