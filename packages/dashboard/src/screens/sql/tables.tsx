import type { SqlTables } from '@clickwatch/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { askJson } from '../../api/client.ts'
import { Card } from '../../components/card.tsx'
import { quietButton } from '../../components/controls.ts'
import { Failure, Skeleton } from '../../components/states.tsx'

/** What can be asked, with columns that a click puts into the question. */
export const Tables = ({ site, onInsert }: { site: string; onInsert: (name: string) => void }) => {
  const t = useTranslations('sql')
  const { data, error, refetch } = useQuery({
    queryKey: ['sql tables', site],
    queryFn: ({ signal }) => askJson<SqlTables>('/api/sql/tables', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Card label={t('tables')} className="p-5">
      <h2 className="mb-2 text-base font-bold">{t('tables')}</h2>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton lines={8} label={t('loadingTables')} />
      ) : (
        <ul>
          {data.tables.map(({ name, description, columns }) => (
            <li key={name} className="border-t border-line first:border-t-0">
              <details>
                <summary className="cursor-pointer py-1.5" title={description}>
                  <code className="text-sm">{name}</code>{' '}
                  <span className="text-xs text-soft">{t('columns', { count: columns.length })}</span>
                </summary>
                <p className="mb-1 text-sm text-soft">{description}</p>
                <ul className="mb-2 max-h-60 overflow-y-auto">
                  {columns.map(({ name: column, type, comment }) => (
                    <li key={column} className="flex items-baseline justify-between gap-2">
                      <button
                        type="button"
                        onClick={() => onInsert(column)}
                        title={comment || undefined}
                        aria-label={t('insert', { name: column })}
                        className={`${quietButton} font-mono`}
                      >
                        {column}
                      </button>
                      <span className="truncate text-xs text-soft" title={type}>
                        {type.replaceAll('LowCardinality(String)', 'String')}
                      </span>
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
