import type { Grade } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { useSiteView } from '../../../api/kept.ts'
import { SelectField, TextField } from '../../settings/fields.tsx'
import { ladderOf } from './draft.ts'
import type { StepProps } from './step-props.ts'

/** What would be enough to build it, and what may be spent to find out. */
export const StepBar = ({ site, draft, change, errorOf }: StepProps) => {
  const t = useTranslations('ideaForm')
  const names = useTranslations('ideas.grades')
  const { data } = useSiteView(site)
  const currency = data?.currency ?? ''
  const rungs = ladderOf(draft, site).filter(({ grade }) => grade !== 'seen')
  const known = rungs.some(({ grade }) => grade === draft.barGrade)
  const money = (field: 'costPerVisitor' | 'costToBuild' | 'valueOfConverter', name: string) => (
    <TextField
      label={currency === '' ? t(field) : t('in', { label: t(field), currency })}
      hint={t(`${field}Hint`)}
      type="number"
      min={0}
      step="any"
      value={draft[field]}
      onValue={(value) => change({ [field]: value })}
      error={errorOf(name)}
    />
  )
  return (
    <div className="space-y-6">
      <section aria-label={t('bar')}>
        <h3 className="font-medium">{t('bar')}</h3>
        <p className="mt-0.5 mb-3 text-sm text-soft">{t('barAbout')}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('barPercent')}
            type="number"
            min={0}
            max={100}
            step="any"
            value={draft.barPercent}
            onValue={(barPercent) => change({ barPercent })}
            error={errorOf('bar/rate')}
            isRequired
          />
          <SelectField<Grade | ''>
            label={t('barGrade')}
            hint={known ? names(`${draft.barGrade}.cost`) : undefined}
            value={known ? draft.barGrade : ''}
            onValue={(grade) => grade !== '' && change({ barGrade: grade })}
            error={errorOf('bar/grade')}
            options={[
              ...(known ? [] : [{ value: '' as const, name: t('chooseGrade') }]),
              ...rungs.map(({ grade, label }) => ({ value: grade, name: label || names(`${grade}.did`) })),
            ]}
          />
        </div>
      </section>
      <section aria-label={t('budget')}>
        <h3 className="font-medium">{t('budget')}</h3>
        <p className="mt-0.5 mb-3 text-sm text-soft">{t('budgetAbout')}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t('budgetVisitors')}
            type="number"
            min={1}
            step={1}
            value={draft.budgetVisitors}
            onValue={(budgetVisitors) => change({ budgetVisitors })}
            error={errorOf('budget/visitors')}
          />
          <TextField
            label={t('budgetDays')}
            type="number"
            min={1}
            step={1}
            value={draft.budgetDays}
            onValue={(budgetDays) => change({ budgetDays })}
            error={errorOf('budget/days')}
          />
        </div>
      </section>
      <section aria-label={t('money')}>
        <h3 className="font-medium">{t('money')}</h3>
        <p className="mt-0.5 mb-3 text-sm text-soft">{t('moneyAbout')}</p>
        <div className="grid gap-4 sm:grid-cols-3">
          {money('costPerVisitor', 'cost_per_visitor')}
          {money('costToBuild', 'cost_to_build')}
          {money('valueOfConverter', 'value_of_converter')}
        </div>
      </section>
    </div>
  )
}
