import { tables } from '@clickwatch/contract'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { download } from '../../api/client.ts'
import { messageOf } from '../../format.ts'

/** The two tables behind the report, whole. */
export const Downloads = ({ site }: { site: string }) => {
  const [said, setSaid] = useState('')
  const start = (table: string, format: string) => {
    setSaid(`Fetching ${table} …`)
    download(
      `/api/tables/${table}?format=${format}&site=${encodeURIComponent(site)}`,
      `${table}-${site}.${format}`,
    ).then(
      () => setSaid(''),
      (error: unknown) => setSaid(`${table}: ${messageOf(error)}`),
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-soft">
      <Download size={16} aria-hidden />
      {tables.map((table) => (
        <span key={table} className="flex items-center gap-2">
          {table}
          {['csv', 'json'].map((format) => (
            <button
              key={format}
              type="button"
              aria-label={`Download ${table} as ${format.toUpperCase()}`}
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
