import type { SqlAnswer, SqlFormat } from '@clickwatch/contract'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { download } from '../../api/download.ts'
import { Card } from '../../components/card.tsx'
import { button } from '../../components/controls.ts'
import { Scrolling } from '../../components/scrolling.tsx'
import { Nothing } from '../../components/states.tsx'
import { formatExact, messageOf } from '../../format.ts'

const mostShown = 500
const files: readonly Exclude<SqlFormat, 'json'>[] = ['csv', 'ndjson', 'parquet']

/** As ClickHouse wrote it: what is text stays text, whatever is in it. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const isNumber = (type: string): boolean => /^(Nullable\()?(U?Int|Float|Decimal)/.test(type)

const Files = ({ sql, site }: { sql: string; site: string }) => {
  const t = useTranslations('sql')
  const [state, setState] = useState<'ready' | 'saving' | Error>('ready')
  const save = (format: SqlFormat) => {
    setState('saving')
    download('/api/sql', { body: { site_id: site, sql, format } }).then(
      () => setState('ready'),
      (error: unknown) => setState(error instanceof Error ? error : new Error(messageOf(error))),
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      <span className="text-soft">{t('asFile')}</span>
      {files.map((format) => (
        <button
          key={format}
          type="button"
          disabled={state === 'saving'}
          onClick={() => save(format)}
          className={button}
        >
          {format.toUpperCase()}
        </button>
      ))}
      <span role="status">
        {state === 'saving' && t('saving')}
        {state instanceof Error && <span className="text-bad">{state.message}</span>}
      </span>
    </div>
  )
}

/** Rows as they were answered, and the way to all of them. */
export const Answer = ({ answer, sql, site }: { answer: SqlAnswer; sql: string; site: string }) => {
  const t = useTranslations('sql')
  const { columns, rows, rows_read, elapsed_ms } = answer
  const shown = rows.slice(0, mostShown)
  return (
    <Card label={t('answer')} className="p-5">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <p className="text-soft">
          {t('cost', { rows: rows.length, elapsed: formatExact(elapsed_ms), read: rows_read })}
        </p>
        <Files sql={sql} site={site} />
      </div>
      {rows.length === 0 ? (
        <Nothing>{t('noRows')}</Nothing>
      ) : (
        <Scrolling label={t('rows')} className="max-h-[36rem]">
          <table className="w-full text-left text-sm">
            <thead className="sticky top-0 bg-card text-soft">
              <tr>
                {columns.map(({ name, type }, place) => (
                  // Two columns of an answer may have one name.
                  // biome-ignore lint/suspicious/noArrayIndexKey: nothing else tells them apart
                  <th key={`${place} ${name}`} scope="col" title={type} className={cellClass(type, 'font-medium')}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row, line) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name, and never change places
                <tr key={line} className="border-t border-line">
                  {columns.map(({ name, type }, place) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <td key={`${place} ${name}`} className={cellClass(type, 'max-w-md truncate')}>
                      {row[place] === null ? <span className="text-soft">{t('nothing')}</span> : textOf(row[place])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
      {rows.length > mostShown && <p className="mt-2 text-sm text-soft">{t('first', { count: mostShown })}</p>}
    </Card>
  )
}

const cellClass = (type: string, own: string): string =>
  `py-1.5 pr-4 last:pr-0 ${own} ${isNumber(type) ? 'text-right tabular-nums' : ''}`
