import { ImageUp } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'

/** Where a screenshot is dropped, pasted or chosen. */
export const DropZone = ({ onFile, isBad }: { onFile: (file: File) => void; isBad: boolean }) => {
  const t = useTranslations('pages.heatmap')
  const [isOver, setIsOver] = useState(false)
  const take = (files: FileList | null) => {
    const file = files?.[0]
    if (file) onFile(file)
  }
  return (
    // A mouse's shorter way to what the field inside offers everyone.
    // biome-ignore lint/a11y/noStaticElementInteractions: the field inside does the same by keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        take(event.dataTransfer.files)
      }}
      className={`flex flex-col items-center gap-2 rounded-xl border-2 border-dashed p-10 text-center ${isOver ? 'border-accent bg-accent-soft' : 'border-line'}`}
    >
      <ImageUp size={32} aria-hidden className="text-soft" />
      <p className="font-semibold">{t('shotDrop')}</p>
      <label className="cursor-pointer font-medium text-accent underline focus-within:outline-2 focus-within:outline-accent">
        {t('shotPick')}
        <input type="file" accept="image/*" className="sr-only" onChange={(event) => take(event.target.files)} />
      </label>
      <p className="max-w-md text-xs text-soft">{t('shotHow')}</p>
      {isBad && (
        <p role="alert" className="text-bad">
          {t('shotBad')}
        </p>
      )}
    </div>
  )
}
