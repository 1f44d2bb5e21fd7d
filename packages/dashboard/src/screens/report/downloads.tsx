import { tables } from '@clickwatch/contract'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { download } from '../../api/download.ts'
import { messageOf } from '../../format.ts'

/** The two tables behind the report, whole. */
export const Downloads = ({ site }: { site: string }) => {
  const t = useTranslations('report')
  const [said, setSaid] = useState('')
  const start = (table: string, format: string) => {
    setSaid(t('fetching', { table }))
    download(`/api/tables/${table}?format=${format}&site=${encodeURIComponent(site)}`).then(
      () => setSaid(''),
      (error: unknown) => setSaid(`${table}: ${messageOf(error)}`),
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-soft print:hidden">
      <Download size={16} aria-hidden />
      {tables.map((table) => (
        <span key={table} className="flex items-center gap-2">
          {table}
          {['csv', 'json'].map((format) => (
            <button
              key={format}
              type="button"
              aria-label={t('download', { table, format: format.toUpperCase() })}
              onClick={() => start(table, format)}
              className="font-semibold text-accent uppercase hover:underline"
            >
              {format}
            </button>
          ))}
        </span>
      ))}
      <span role="status">{said}</span>
    </div>
  )
}
