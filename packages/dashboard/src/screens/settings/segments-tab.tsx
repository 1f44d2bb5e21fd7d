import {
  type Comparison,
  type Dimension,
  dimensions,
  type Filter,
  type FilterOperator,
  filterOperators,
  type NewSegment,
  type Segment,
} from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useFilterText } from '../../filter-text.ts'
import { useNames } from '../../names.ts'
import { listIn, SelectField, secondary, TextField } from './fields.tsx'
import type { Change } from './keeping-form.tsx'
import { KeptList } from './kept-list.tsx'
import { NameField } from './name-field.tsx'

type Condition = { key: number; dimension: Dimension; operator: FilterOperator; values: string }
/** `filters` are kept as they are where they are more than conditions that all hold. */
type Draft = { name: string; conditions: Condition[]; filters: Filter[] }

const isPlain = (filter: Filter): filter is Comparison =>
  filter.length === 3 && filter[1] !== 'segment' && (dimensions as readonly unknown[]).includes(filter[1])

let keys = 0
const blank = (): Condition => ({ key: keys++, dimension: 'event:page', operator: 'is', values: '' })

const draftOf = (segment: Segment | undefined): Draft => {
  const { name = '', filters = [] } = segment ?? {}
  if (!segment) return { name, conditions: [blank()], filters: [] }
  if (!filters.every(isPlain)) return { name, conditions: [], filters }
  const conditions = filters.map(([operator, dimension, values]) => ({
    key: keys++,
    operator,
    dimension,
    values: values.join(', '),
  }))
  return { name, conditions, filters: [] }
}

const bodyOf = ({ name, conditions, filters }: Draft): NewSegment => ({
  name: name.trim(),
  filters: [
    ...filters,
    ...conditions.map(({ operator, dimension, values }): Filter => [operator, dimension, listIn(values)]),
  ],
})

const Conditions = (props: { conditions: Condition[]; change: Change<Draft>; error: string | undefined }) => {
  const { conditions, change, error } = props
  const t = useTranslations('settings.segments')
  const names = useNames()
  const set = (key: number, part: Partial<Condition>) =>
    change({ conditions: conditions.map((each) => (each.key === key ? { ...each, ...part } : each)) })
  return (
    <fieldset className="space-y-3 sm:col-span-2">
      <legend className="font-medium">{t('conditions')}</legend>
      {conditions.map(({ key, dimension, operator, values }, index) => (
        <div
          key={key}
          className="grid items-start gap-2 rounded-xl border border-line p-3 sm:grid-cols-[1fr_1fr_2fr_auto]"
        >
          <SelectField
            label={t('dimension')}
            value={dimension}
            onValue={(next) => set(key, { dimension: next })}
            options={dimensions.map((value) => ({ value: value as Dimension, name: names.dimension(value) }))}
          />
          <SelectField
            label={t('operator')}
            value={operator}
            onValue={(next) => set(key, { operator: next })}
            options={filterOperators.map((value) => ({ value, name: names.operator(value) }))}
          />
          <TextField label={t('values')} value={values} onValue={(next) => set(key, { values: next })} isRequired />
          {conditions.length > 1 && (
            <button
              type="button"
              aria-label={t('removeCondition', { number: index + 1 })}
              onClick={() => change({ conditions: conditions.filter((each) => each.key !== key) })}
              className={`${secondary} sm:mt-7`}
            >
              ×
            </button>
          )}
        </div>
      ))}
      {error && (
        <p role="alert" data-field-error className="text-sm text-bad">
          {error}
        </p>
      )}
      <button type="button" onClick={() => change({ conditions: [...conditions, blank()] })} className={secondary}>
        {t('addCondition')}
      </button>
    </fieldset>
  )
}

export const SegmentsTab = ({ site }: { site: string }) => {
  const t = useTranslations('settings')
  const filterText = useFilterText()
  return (
    <KeptList<Segment, Draft, NewSegment>
      site={site}
      noun="segments"
      draftOf={draftOf}
      drafting={{
        bodyOf,
        fields: (draft, change, errorOf) => (
          <>
            <NameField draft={draft} change={change} errorOf={errorOf} />
            {draft.conditions.length > 0 ? (
              <Conditions conditions={draft.conditions} change={change} error={errorOf('filters')} />
            ) : (
              <p className="self-end text-sm text-soft">{t('segments.complex')}</p>
            )}
          </>
        ),
      }}
      nameOf={({ name }) => name}
      detail={({ filters }) => filters.map((filter) => filterText(filter)).join(' · ')}
      actions={({ id, name }) => (
        <Link
          to="/"
          search={{ ...(site === 'default' ? {} : { site }), filters: [['is', 'segment', [id]]] }}
          aria-label={t('segments.showNamed', { name })}
          className={secondary}
        >
          {t('segments.show')}
        </Link>
      )}
    />
  )
}
