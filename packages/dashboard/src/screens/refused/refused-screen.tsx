import type { DeadLettersAnswer } from '@clickwatch/contract'
import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useLive } from '../../api/live.ts'
import { useDeadLetters } from '../../api/queries.ts'
import { useRights } from '../../api/rights.ts'
import { Card } from '../../components/card.tsx'
import { Header } from '../../components/header.tsx'
import { NotYours } from '../../components/not-yours.tsx'
import { Failure, Nothing, Skeleton } from '../../components/states.tsx'
import { formatExact, formatMoment } from '../../format.ts'

const Reasons = ({ reasons }: Pick<DeadLettersAnswer, 'reasons'>) => {
  const t = useTranslations('ledger')
  return (
    <Card label={t('byReason')} className="overflow-x-auto p-5">
      <table className="w-full text-left text-sm">
        <thead className="text-soft">
          <tr>
            <th scope="col" className="py-1.5 pr-3 font-medium">
              {t('site')}
            </th>
            <th scope="col" className="py-1.5 pr-3 font-medium">
              {t('reason')}
            </th>
            <th scope="col" className="py-1.5 text-right font-medium">
              {t('records')}
            </th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(({ site, reason, letters }) => (
            <tr key={`${site} ${reason}`} className="border-t border-line">
              <td className="py-1.5 pr-3">{site || t('siteUnknown')}</td>
              <td className="py-1.5 pr-3">
                <code>{reason}</code>
              </td>
              <td className="py-1.5 text-right tabular-nums">{formatExact(letters)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

const Latest = ({ latest }: Pick<DeadLettersAnswer, 'latest'>) => {
  const t = useTranslations('ledger')
  return (
    <Card label={t('latest')} className="p-5">
      <h2 className="mb-3 text-base font-bold">{t('latest')}</h2>
      <ul className="space-y-2">
        {latest.map(({ site, detail, document, arrived_at }, index) => (
          // Two may be alike in everything.
          // biome-ignore lint/suspicious/noArrayIndexKey: nothing else tells them apart
          <li key={`${arrived_at} ${index}`} className="border-t border-line pt-2">
            <details>
              <summary className="cursor-pointer text-sm">
                <span className="text-soft">
                  {formatMoment(arrived_at)} · {site || t('siteUnknown')} ·{' '}
                </span>
                {detail}
              </summary>
              <pre className="mt-2 whitespace-pre-wrap wrap-anywhere rounded-lg bg-raised p-3 text-xs">{document}</pre>
            </details>
          </li>
        ))}
      </ul>
    </Card>
  )
}

const Everything = ({ site }: { site: string }) => {
  const t = useTranslations('ledger')
  const { data, error, refetch } = useDeadLetters(site)
  if (!data) {
    return (
      <Card className="p-5">
        {error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={6} label={t('loadingRefused')} />
        )}
      </Card>
    )
  }
  if (data.reasons.length === 0) {
    return (
      <Card className="p-5">
        <Nothing>{t('nothingRefused')}</Nothing>
      </Card>
    )
  }
  return (
    <>
      <Reasons reasons={data.reasons} />
      <Latest latest={data.latest} />
    </>
  )
}

/** For the operator: what was refused and is kept, whole, with the reason. */
const RefusedScreen = ({ search }: { search: { site?: string } }) => {
  const t = useTranslations('ledger')
  const { site = 'default' } = search
  const navigate = useNavigate()
  const connection = useLive(site)
  const rights = useRights(site)
  return (
    <>
      <title>{`${t('refusedTitle')} · ClickWatch`}</title>
      <Header
        site={site}
        connection={connection}
        onSite={(next) => void navigate({ to: '/', search: next === 'default' ? {} : { site: next } })}
      />
      <main id="main" className="mx-auto max-w-7xl space-y-4 px-4 pb-12 sm:px-6">
        <h1 className="text-2xl font-bold tracking-tight">{t('refusedTitle')}</h1>
        <p className="text-soft">{t('refusedAbout')}</p>
        <NotYours rights={rights} needed="mayManageAll" />
        {rights.mayManageAll && <Everything site={site} />}
      </main>
    </>
  )
}
export default RefusedScreen
