import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { download } from '../../api/download.ts'
import { Card } from '../../components/card.tsx'
import { messageOf } from '../../format.ts'
import { primary, SelectField, TextField } from './fields.tsx'

const tables = ['events', 'sessions'] as const
const formats = ['csv', 'json', 'parquet'] as const
const monthMs = 30 * 86_400_000

const dayBefore = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString().slice(0, 10)

/** The rows of some days, as a file. */
export const ExportRows = ({ site }: { site: string }) => {
  const t = useTranslations('settings.site')
  const [table, setTable] = useState<(typeof tables)[number]>('events')
  const [format, setFormat] = useState<(typeof formats)[number]>('csv')
  const [from, setFrom] = useState(() => dayBefore(monthMs))
  const [until, setUntil] = useState(() => dayBefore(0))
  const [state, setState] = useState<'ready' | 'fetching' | 'done' | Error>('ready')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setState('fetching')
    const search = new URLSearchParams({ site, from, to: until, format })
    download(`/api/export/${table}?${search}`).then(
      () => setState('done'),
      (error: unknown) => setState(error instanceof Error ? error : new Error(messageOf(error))),
    )
  }
  return (
    <Card label={t('exportTitle')} className="p-5">
      <h2 className="text-base font-bold">{t('exportTitle')}</h2>
      <p className="mt-1 mb-4 text-soft">{t('exportAbout')}</p>
      <form onSubmit={submit} className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-4">
          <SelectField
            label={t('table')}
            value={table}
            onValue={setTable}
            options={tables.map((value) => ({ value, name: t(`tables.${value}`) }))}
          />
          <TextField label={t('from')} type="date" value={from} onValue={setFrom} isRequired />
          <TextField label={t('until')} type="date" value={until} onValue={setUntil} isRequired />
          <SelectField
            label={t('format')}
            value={format}
            onValue={setFormat}
            options={formats.map((value) => ({ value, name: value.toUpperCase() }))}
          />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <button type="submit" disabled={state === 'fetching'} className={primary}>
            {t('download')}
          </button>
          <span role="status">
            {state === 'fetching' && t('downloading')}
            {state === 'done' && t('downloaded')}
            {state instanceof Error && <span className="text-bad">{state.message}</span>}
          </span>
        </div>
      </form>
    </Card>
  )
}
