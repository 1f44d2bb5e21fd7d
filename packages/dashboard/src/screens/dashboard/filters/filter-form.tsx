import {
  type Dimension,
  filterOperators,
  type NamedDimension,
  propertyPrefix,
  type Segment,
} from '@clickwatch/contract'
import clsx from 'clsx'
import { FolderPlus, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { field, mainButton, quietButton } from '../../../components/controls.ts'
import { Sheet } from '../../../components/sheet.tsx'
import { useNames } from '../../../names.ts'
import type { Filter, View } from '../../../view.ts'
import {
  filtersOf,
  type Group,
  groupOf,
  type Item,
  isComplete,
  newGroup,
  newRule,
  type Rule,
  type Scope,
  withItem,
} from './filter-tree.ts'
import { ValuePicker } from './value-picker.tsx'

const dimensionGroups = {
  page: [
    'event:page',
    'visit:entry_page',
    'visit:exit_page',
    'event:title',
    'event:hostname',
    'event:goal',
    'event:name',
    'event:type',
    'event:element',
  ],
  source: [
    'visit:source',
    'visit:channel',
    'visit:referrer',
    'visit:utm_source',
    'visit:utm_medium',
    'visit:utm_campaign',
    'visit:utm_term',
    'visit:utm_content',
    'visit:click_id',
  ],
  device: ['visit:device', 'visit:browser', 'visit:browser_version', 'visit:os', 'visit:os_version', 'visit:screen'],
  place: ['visit:country', 'visit:region', 'visit:city', 'visit:language'],
  visitor: ['visit:returning', 'visit:number'],
} as const satisfies Record<string, readonly NamedDimension[]>
const groupNames = Object.keys(dimensionGroups) as (keyof typeof dimensionGroups)[]
const scopes: readonly Scope[] = ['itself', 'has_done', 'has_not_done']
const deepest = 3

type Change = (id: number, next: Item | undefined) => void
type Known = { view: View; segments: readonly Segment[] }

const RuleRow = ({ rule, number, known, onChange }: { rule: Rule; number: number; known: Known; onChange: Change }) => {
  const t = useTranslations('filter')
  const names = useNames()
  const { dimension } = rule
  const isProperty = dimension.startsWith(propertyPrefix)
  const set = (change: Partial<Rule>) => onChange(rule.id, { ...rule, ...change })
  return (
    <fieldset aria-label={t('condition', { number })} className="flex flex-wrap items-start gap-2">
      <select
        aria-label={t('dimension')}
        value={isProperty ? propertyPrefix : dimension}
        onChange={({ target }) => set({ dimension: target.value as Dimension, operator: 'is', values: [] })}
        className={clsx(field, 'max-w-44')}
      >
        {groupNames.map((group) => (
          <optgroup key={group} label={t(`groupsOf.${group}`)}>
            {dimensionGroups[group].map((each) => (
              <option key={each} value={each}>
                {names.dimension(each)}
              </option>
            ))}
          </optgroup>
        ))}
        <option value={propertyPrefix}>{t('property')}</option>
        {known.segments.length > 0 && <option value="segment">{t('segment')}</option>}
      </select>
      {isProperty && (
        <input
          aria-label={t('propertyName')}
          placeholder={t('propertyName')}
          value={dimension.slice(propertyPrefix.length)}
          maxLength={100}
          onChange={({ target }) => set({ dimension: `${propertyPrefix}${target.value}` })}
          className={clsx(field, 'w-36')}
        />
      )}
      {dimension === 'segment' ? (
        <select
          aria-label={t('values')}
          value={rule.values[0] ?? ''}
          onChange={({ target }) => set({ values: target.value ? [target.value] : [] })}
          className={clsx(field, 'min-w-0 flex-1')}
        >
          <option value="">–</option>
          {known.segments.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <>
          <select
            aria-label={t('operator')}
            value={rule.operator}
            onChange={({ target }) => set({ operator: filterOperators.find((each) => each === target.value) ?? 'is' })}
            className={field}
          >
            {filterOperators.map((each) => (
              <option key={each} value={each}>
                {names.operator(each)}
              </option>
            ))}
          </select>
          <ValuePicker
            view={known.view}
            dimension={dimension}
            operator={rule.operator}
            values={rule.values}
            onValues={(values) => set({ values })}
          />
        </>
      )}
      <button
        type="button"
        aria-label={t('removeCondition')}
        onClick={() => onChange(rule.id, undefined)}
        className="rounded-lg p-2 text-soft hover:bg-raised hover:text-bad"
      >
        <Trash2 size={15} aria-hidden />
      </button>
    </fieldset>
  )
}

const GroupBox = (props: { group: Group; number: number; depth: number; known: Known; onChange: Change }) => {
  const { group, depth, known, onChange } = props
  const t = useTranslations('filter')
  const set = (change: Partial<Group>) => onChange(group.id, { ...group, ...change })
  return (
    <fieldset
      aria-label={t('group', { number: props.number })}
      className={clsx('space-y-2.5', depth > 0 && 'rounded-xl border border-line bg-raised/40 p-3')}
    >
      <div className="flex flex-wrap items-center gap-2">
        <select
          aria-label={t('join')}
          value={group.join}
          onChange={({ target }) => set({ join: target.value === 'or' ? 'or' : 'and' })}
          className={field}
        >
          <option value="and">{t('all')}</option>
          <option value="or">{t('any')}</option>
        </select>
        <select
          aria-label={t('scope')}
          value={group.scope}
          onChange={({ target }) => set({ scope: scopes.find((each) => each === target.value) ?? 'itself' })}
          className={field}
        >
          {scopes.map((each) => (
            <option key={each} value={each}>
              {t(`scopes.${each}`)}
            </option>
          ))}
        </select>
        <label className="flex items-center gap-1.5" title={t('negate')}>
          <input
            type="checkbox"
            checked={group.isNot}
            onChange={({ target }) => set({ isNot: target.checked })}
            className="size-4 accent-(--accent)"
          />
          {t('notShort')}
        </label>
        {depth > 0 && (
          <button
            type="button"
            aria-label={t('removeGroup')}
            onClick={() => onChange(group.id, undefined)}
            className="ml-auto rounded-lg p-2 text-soft hover:bg-raised hover:text-bad"
          >
            <Trash2 size={15} aria-hidden />
          </button>
        )}
      </div>
      {group.items.map((item, index) =>
        item.kind === 'rule' ? (
          <RuleRow key={item.id} rule={item} number={index + 1} known={known} onChange={onChange} />
        ) : (
          <GroupBox key={item.id} group={item} number={index + 1} depth={depth + 1} known={known} onChange={onChange} />
        ),
      )}
      <div className="flex gap-2">
        <button
          type="button"
          onClick={() => set({ items: [...group.items, newRule()] })}
          className={clsx(quietButton, 'flex items-center gap-1')}
        >
          <Plus size={13} aria-hidden /> {t('addCondition')}
        </button>
        {depth < deepest && (
          <button
            type="button"
            onClick={() => set({ items: [...group.items, { ...newGroup(), join: 'or' }] })}
            className={clsx(quietButton, 'flex items-center gap-1')}
          >
            <FolderPlus size={13} aria-hidden /> {t('addGroup')}
          </button>
        )}
      </div>
    </fieldset>
  )
}

/** The dialog in which filters are made: conditions, groups of them, and groups in groups. */
const FilterForm = (props: {
  view: View
  segments: readonly Segment[]
  onApply: (filters: Filter[]) => void
  onClose: () => void
}) => {
  const { view, segments } = props
  const t = useTranslations('filter')
  const [group, setGroup] = useState(() => groupOf(view.filters))
  const change: Change = (id, next) => {
    if (id !== group.id) setGroup(withItem(group, id, next))
    else if (next?.kind === 'group') setGroup(next)
  }
  const isEmpty = group.items.length === 0
  const isReady = isEmpty || isComplete(group)
  return (
    <Sheet isOpen onClose={props.onClose} title={t('title')} about={t('about')} isWide>
      <form
        className="flex min-h-0 flex-1 flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) props.onApply(isEmpty ? [] : filtersOf(group))
        }}
      >
        <div className="-mx-1 min-h-64 flex-1 overflow-y-auto px-1 py-1">
          <GroupBox group={group} number={1} depth={0} known={{ view, segments }} onChange={change} />
        </div>
        <div className="flex items-center justify-end gap-3">
          {!isReady && <p className="mr-auto text-sm text-soft">{t('incomplete')}</p>}
          <button type="button" onClick={props.onClose} className={clsx(quietButton, 'text-sm')}>
            {t('cancel')}
          </button>
          <button type="submit" disabled={!isReady} className={mainButton}>
            {t('apply')}
          </button>
        </div>
      </form>
    </Sheet>
  )
}
export default FilterForm
