import { useTranslations } from 'use-intl'
import { useAudit } from '../../api/account.ts'
import { Failure, Skeleton } from '../../components/states.tsx'
import { formatMoment } from '../../format.ts'
import { secondary } from '../settings/fields.tsx'
import { Part } from './part.tsx'

const columns = ['when', 'who', 'what', 'site', 'on'] as const

/** Who changed what, the newest first. */
export const AuditTab = () => {
  const t = useTranslations('account')
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useAudit()
  const entries = data?.pages.flatMap((page) => page.entries)
  return (
    <div className="space-y-4">
      <p className="text-soft">{t('audit.about')}</p>
      <Part title={t('tabs.audit')}>
        {entries ? (
          entries.length === 0 ? (
            <p className="text-soft">{t('audit.empty')}</p>
          ) : (
            <div className="overflow-x-auto">
              <table className="w-full text-left text-sm">
                <thead className="text-soft">
                  <tr>
                    {columns.map((column) => (
                      <th key={column} scope="col" className="py-1.5 pr-4 font-medium">
                        {t(`audit.${column}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {entries.map(({ id, at, who, what, site, on }) => (
                    <tr key={id} className="border-t border-line">
                      <td className="py-1.5 pr-4 whitespace-nowrap">{formatMoment(at)}</td>
                      <td className="py-1.5 pr-4">{who}</td>
                      <td className="py-1.5 pr-4">{what}</td>
                      <td className="py-1.5 pr-4">{site}</td>
                      <td className="py-1.5 wrap-anywhere text-soft">{on}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={5} label={t('loading')} />
        )}
        {hasNextPage && (
          <button
            type="button"
            disabled={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
            className={secondary}
          >
            {t('audit.more')}
          </button>
        )}
      </Part>
    </div>
  )
}
