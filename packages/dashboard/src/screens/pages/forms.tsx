import type { FormsAnswer } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useForms } from '../../api/behaviour.ts'
import { Scrolling } from '../../components/scrolling.tsx'
import { formatExact, formatShare } from '../../format.ts'
import type { View } from '../../view.ts'
import { Answer, Empty } from '../behaviour/answer.tsx'
import { scopeOf } from '../behaviour/scope.ts'
import { Snippet } from '../behaviour/snippet.tsx'

type Form = FormsAnswer['forms'][number]

const Count = ({ name, count, of, tone }: { name: string; count: number; of: number; tone: string }) => (
  <div className="min-w-0">
    <dt className="text-xs text-soft">{name}</dt>
    <dd>
      <span className="text-xl font-bold">{formatExact(count)}</span>
      <span
        aria-hidden
        className="mt-1 block h-1.5 overflow-hidden rounded-full bg-raised print:[print-color-adjust:exact]"
      >
        <span
          className={`block h-full rounded-full ${tone}`}
          style={{ width: `${of > 0 ? Math.min(100, (100 * count) / of) : 0}%` }}
        />
      </span>
    </dd>
  </div>
)

const Fields = ({ form }: { form: Form }) => {
  const t = useTranslations('pages.forms')
  const most = Math.max(1, form.started, ...form.fields.map(({ filled }) => filled))
  return (
    <Scrolling label={t('caption', { form: form.form || t('unnamed') })}>
      <table className="w-full text-left">
        <caption className="sr-only">{t('caption', { form: form.form || t('unnamed') })}</caption>
        <thead className="text-xs text-soft">
          <tr>
            <th scope="col" className="py-1.5 font-medium">
              {t('field')}
            </th>
            <th scope="col" className="w-1/2 px-2 py-1.5 font-medium">
              {t('filled')}
            </th>
            <th scope="col" className="py-1.5 text-right font-medium">
              {t('last')}
            </th>
          </tr>
        </thead>
        <tbody>
          {form.fields.map(({ field, filled, last }) => (
            <tr key={field} data-field={field} className="border-t border-line">
              <th scope="row" className="max-w-48 truncate py-1.5 pr-2 font-normal">
                {field}
              </th>
              <td className="px-2 py-1.5">
                <span className="flex items-center gap-2">
                  <span
                    aria-hidden
                    className="flex h-3 flex-1 overflow-hidden rounded bg-raised print:[print-color-adjust:exact]"
                  >
                    <span
                      className="h-full bg-accent"
                      style={{ width: `${(100 * Math.max(0, filled - last)) / most}%` }}
                    />
                    <span className="h-full bg-bad" style={{ width: `${(100 * Math.min(filled, last)) / most}%` }} />
                  </span>
                  <span className="w-12 text-right font-semibold">{formatExact(filled)}</span>
                </span>
              </td>
              <td className={`py-1.5 text-right ${last > 0 ? 'font-semibold text-bad' : 'text-soft'}`}>
                {formatExact(last)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}

const OneForm = ({ form, showsPage }: { form: Form; showsPage: boolean }) => {
  const t = useTranslations('pages.forms')
  return (
    <section data-form={form.form} aria-label={form.form || t('unnamed')}>
      <h2 className="flex flex-wrap items-baseline gap-x-2 text-base font-bold">
        {form.form || t('unnamed')}
        {showsPage && <span className="text-xs font-normal text-soft">{form.page}</span>}
      </h2>
      {form.completion_rate !== null && (
        <p className="mb-3 text-soft">{t('completion', { share: formatShare(form.completion_rate / 100) })}</p>
      )}
      <dl className="mb-4 grid grid-cols-2 gap-4 sm:grid-cols-4">
        <Count name={t('views')} count={form.views} of={form.views} tone="bg-soft" />
        <Count name={t('started')} count={form.started} of={form.views} tone="bg-accent" />
        <Count name={t('sent')} count={form.sent} of={form.views} tone="bg-good" />
        <Count name={t('abandoned')} count={form.abandoned} of={form.views} tone="bg-bad" />
      </dl>
      {form.fields.length > 0 && <Fields form={form} />}
    </section>
  )
}

/** How forms fared, and after which field people left. */
export const Forms = ({ view, page }: { view: View; page: string | undefined }) => {
  const t = useTranslations('pages.forms')
  const question = useForms({ ...scopeOf(view), ...(page ? { page } : {}) })
  return (
    <Answer question={question} loading={t('loading')} lines={6}>
      {({ forms }) =>
        forms.length === 0 ? (
          <Empty title={t('nothing')}>
            <p>{t('nothingHow')}</p>
            <Snippet>{'<form data-cw-id="signup">\n  <input name="email"> …\n</form>'}</Snippet>
          </Empty>
        ) : (
          <div className="space-y-8">
            {forms.map((form) => (
              <OneForm key={`${form.page} ${form.form}`} form={form} showsPage={!page} />
            ))}
          </div>
        )
      }
    </Answer>
  )
}
