import { useTranslations } from 'use-intl'
import { useEraseInterested, useInterested } from '../../../api/ideas.ts'
import { Failure } from '../../../components/states.tsx'
import { useSiteTime } from '../../behaviour/use-site-time.ts'
import { CopyButton } from '../../settings/copy-button.tsx'
import { secondary } from '../../settings/fields.tsx'
import { EraseAll } from './erase-all.tsx'
import { Section } from './section.tsx'

/** Who left an address at the door and wants to hear; each can be erased. */
export const Interested = ({ site, id, name }: { site: string; id: string; name: string }) => {
  const t = useTranslations('ideaReport.interested')
  const { moment } = useSiteTime(site)
  const { data, error, refetch } = useInterested(site, id)
  const erase = useEraseInterested(site, id)
  const people = data?.interested ?? []
  return (
    <Section title={t('title')} about={t('about')} className="print:hidden">
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : people.length === 0 ? (
        <p className="text-soft">{t('nobody')}</p>
      ) : (
        <details>
          <summary className="cursor-pointer font-medium">{t('count', { count: people.length })}</summary>
          <div className="mt-3 flex flex-wrap gap-2">
            <CopyButton text={people.map(({ address }) => address).join('\n')} label={t('copy')} name={t('copy')} />
            <EraseAll site={site} id={id} name={name} count={people.length} />
          </div>
          <ul className="mt-3 max-h-80 overflow-y-auto">
            {people.map((person) => (
              <li key={person.id} className="flex flex-wrap items-center gap-x-4 border-t border-line py-1.5">
                <span className="min-w-0 basis-full wrap-anywhere sm:flex-1">{person.address}</span>
                <time dateTime={person.at} className="text-sm text-soft">
                  {moment(person.at)}
                </time>
                <button
                  type="button"
                  disabled={erase.isPending}
                  aria-label={t('eraseNamed', { address: person.address })}
                  onClick={() => erase.mutate(person.id)}
                  className={secondary}
                >
                  {t('erase')}
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      {erase.error && (
        <p role="alert" className="mt-2 text-bad">
          {erase.error.message}
        </p>
      )}
    </Section>
  )
}
