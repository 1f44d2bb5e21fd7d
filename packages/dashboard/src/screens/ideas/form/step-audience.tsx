import { type FilterOperator, intendedDimensions, type NamedDimension } from '@clickwatch/contract'
import { Plus, Trash2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useStats } from '../../../api/queries.ts'
import { field } from '../../../components/controls.ts'
import { useNames } from '../../../names.ts'
import { ValuePicker } from '../../dashboard/filters/value-picker.tsx'
import { secondary } from '../../settings/fields.tsx'
import { type ConditionDraft, type MixDraft, nextId } from './draft.ts'
import type { StepProps } from './step-props.ts'

const audienceDimensions = [
  'visit:source',
  'visit:channel',
  'visit:utm_campaign',
  'visit:utm_source',
  'visit:utm_medium',
  'visit:device',
  'visit:country',
  'visit:language',
  'visit:returning',
  'visit:entry_page',
] as const satisfies readonly NamedDimension[]
const operators: readonly FilterOperator[] = ['is', 'is_not', 'contains', 'contains_not']
const mostConditions = 20

const Conditions = ({ site, draft, change }: StepProps) => {
  const t = useTranslations('ideaForm')
  const names = useNames()
  const conditions = draft.audience.filter((row): row is ConditionDraft => !('kept' in row))
  const others = draft.audience.length - conditions.length
  const set = (condition: ConditionDraft, next: Partial<ConditionDraft>) =>
    change({ audience: draft.audience.map((row) => (row === condition ? { ...condition, ...next } : row)) })
  return (
    <>
      <ul className="space-y-2">
        {conditions.map((condition, place) => (
          <li key={condition.id}>
            <fieldset aria-label={t('condition', { number: place + 1 })} className="flex flex-wrap items-start gap-2">
              <select
                aria-label={t('conditionOf')}
                value={condition.dimension}
                className={field}
                onChange={({ target }) =>
                  set(condition, {
                    dimension: audienceDimensions.find((each) => each === target.value) ?? 'visit:source',
                    values: [],
                  })
                }
              >
                {audienceDimensions.map((dimension) => (
                  <option key={dimension} value={dimension}>
                    {names.dimension(dimension)}
                  </option>
                ))}
              </select>
              <select
                aria-label={t('conditionHow')}
                value={condition.operator}
                className={field}
                onChange={({ target }) =>
                  set(condition, { operator: operators.find((each) => each === target.value) ?? 'is' })
                }
              >
                {operators.map((operator) => (
                  <option key={operator} value={operator}>
                    {names.operator(operator)}
                  </option>
                ))}
              </select>
              <ValuePicker
                view={{ site, range: '90d' }}
                dimension={condition.dimension}
                operator={condition.operator}
                values={condition.values}
                onValues={(values) => set(condition, { values })}
              />
              <button
                type="button"
                aria-label={t('removeCondition', { number: place + 1 })}
                onClick={() => change({ audience: draft.audience.filter((row) => row !== condition) })}
                className="rounded-lg p-2 text-soft hover:bg-raised hover:text-bad"
              >
                <Trash2 size={15} aria-hidden />
              </button>
            </fieldset>
          </li>
        ))}
      </ul>
      {others > 0 && <p className="mt-2 text-sm text-soft">{t('otherAudience', { count: others })}</p>}
      <button
        type="button"
        disabled={draft.audience.length >= mostConditions}
        onClick={() =>
          change({
            audience: [...draft.audience, { id: nextId(), dimension: 'visit:source', operator: 'is', values: [] }],
          })
        }
        className={`${secondary} mt-2`}
      >
        <Plus size={15} aria-hidden className="-ml-0.5 mr-1 inline align-[-2px]" />
        {t('addCondition')}
      </button>
    </>
  )
}

const mostValues = 5
const inTenths = (share: number): number => Math.round(share * 1000) / 10

/** Shares of what came lately, made to add up to 100 by the largest. */
const sharesOf = (counts: readonly { value: string; visitors: number }[]): MixDraft['shares'] => {
  const all = counts.reduce((sum, { visitors }) => sum + visitors, 0)
  if (all === 0) return []
  const shares = counts.map(({ value, visitors }) => ({ value, percent: inTenths(visitors / all) }))
  const missing = 100 - shares.reduce((sum, { percent }) => sum + percent, 0)
  return shares.map(({ value, percent }, place) => ({
    value,
    percent: String(Math.round((percent + (place === 0 ? missing : 0)) * 10) / 10),
  }))
}

const Mix = (props: StepProps & { mix: MixDraft; place: number }) => {
  const { site, draft, change, errorOf, mix, place } = props
  const t = useTranslations('ideaForm')
  const names = useNames()
  const { data } = useStats({
    site_id: site,
    date_range: '90d',
    metrics: ['visitors'],
    dimensions: [mix.dimension],
    pagination: { limit: mostValues },
  })
  const seen = (data?.results ?? []).map(({ dimensions, metrics }) => ({
    value: dimensions[0] ?? '',
    visitors: metrics[0] ?? 0,
  }))
  const isFilled = useRef(mix.shares.length > 0)
  const set = (shares: MixDraft['shares']) => change({ mix: draft.mix.with(place, { ...mix, shares }) })
  // A dimension just added begins as it is today; what is taken out of it afterwards stays out.
  useEffect(() => {
    if (isFilled.current || seen.length === 0) return
    isFilled.current = true
    set(sharesOf(seen))
  })
  const sum = mix.shares.reduce((all, { percent }) => all + Number(percent), 0)
  const unused = seen.filter(({ value }) => !mix.shares.some((share) => share.value === value))
  const error = errorOf(`intended_mix/${place}`)
  const name = names.dimension(mix.dimension)
  return (
    <fieldset className="rounded-xl border border-line p-4">
      <legend className="px-1 font-medium">{name}</legend>
      <ul className="space-y-2">
        {mix.shares.map(({ value, percent }, index) => (
          <li key={value} className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate">{names.value(mix.dimension, value)}</span>
            <input
              type="number"
              min={0}
              max={100}
              step={0.1}
              aria-label={t('shareOf', { value: names.value(mix.dimension, value) })}
              value={percent}
              onChange={({ target }) => set(mix.shares.with(index, { value, percent: target.value }))}
              className={`${field} w-24 text-right`}
            />
            <span aria-hidden>%</span>
            <button
              type="button"
              aria-label={t('removeShare', { value: names.value(mix.dimension, value) })}
              onClick={() => set(mix.shares.toSpliced(index, 1))}
              className="rounded-lg p-1.5 text-soft hover:bg-raised hover:text-bad"
            >
              <Trash2 size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <button type="button" disabled={seen.length === 0} onClick={() => set(sharesOf(seen))} className={secondary}>
          {t('asToday')}
        </button>
        {unused.length > 0 && (
          <select
            aria-label={t('addShare', { dimension: name })}
            value=""
            onChange={({ target }) =>
              set([
                ...mix.shares,
                { value: target.value.slice(1), percent: String(Math.max(0, inTenths(1 - sum / 100))) },
              ])
            }
            className={field}
          >
            <option value="">{t('addValue')}</option>
            {unused.map(({ value }) => (
              // A direct visit's source is ''.
              <option key={value} value={`=${value}`}>
                {names.value(mix.dimension, value)}
              </option>
            ))}
          </select>
        )}
        <span className="ml-auto text-sm text-soft">{t('sum', { sum: Math.round(sum * 10) / 10 })}</span>
        <button
          type="button"
          onClick={() => change({ mix: draft.mix.toSpliced(place, 1) })}
          className="rounded-md px-2 py-1 text-sm font-medium text-soft hover:bg-raised hover:text-bad"
        >
          {t('removeMix')}
        </button>
      </div>
      {data && seen.length === 0 && <p className="mt-2 text-sm text-soft">{t('noneToday')}</p>}
      {error && (
        <p role="alert" className="mt-2 text-sm text-bad">
          {error}
        </p>
      )}
    </fieldset>
  )
}

/** Whom it is meant for, and what they would be made of. */
export const StepAudience = (props: StepProps) => {
  const { draft, change } = props
  const t = useTranslations('ideaForm')
  const names = useNames()
  const unused = intendedDimensions.filter((dimension) => !draft.mix.some((mix) => mix.dimension === dimension))
  return (
    <div className="space-y-6">
      <section aria-label={t('audience')}>
        <h3 className="font-medium">{t('audience')}</h3>
        <p className="mt-0.5 mb-3 text-sm text-soft">{t('audienceAbout')}</p>
        <Conditions {...props} />
        {props.errorOf('audience') && (
          <p role="alert" className="mt-2 text-sm text-bad">
            {props.errorOf('audience')}
          </p>
        )}
      </section>
      <section aria-label={t('mix')}>
        <h3 className="font-medium">{t('mix')}</h3>
        <p className="mt-0.5 mb-3 text-sm text-soft">{t('mixAbout')}</p>
        <div className="space-y-4">
          {draft.mix.map((mix, place) => (
            <Mix key={mix.dimension} {...props} mix={mix} place={place} />
          ))}
        </div>
        <div className="mt-3 flex flex-wrap gap-2">
          {unused.map((dimension) => (
            <button
              key={dimension}
              type="button"
              onClick={() => change({ mix: [...draft.mix, { dimension, shares: [] }] })}
              className={secondary}
            >
              <Plus size={15} aria-hidden className="-ml-0.5 mr-1 inline align-[-2px]" />
              {names.dimension(dimension)}
            </button>
          ))}
        </div>
      </section>
    </div>
  )
}
