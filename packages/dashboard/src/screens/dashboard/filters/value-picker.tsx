import type { Dimension, FilterOperator } from '@clickwatch/contract'
import clsx from 'clsx'
import { X } from 'lucide-react'
import { type KeyboardEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useStats } from '../../../api/queries.ts'
import { floating } from '../../../components/controls.ts'
import { formatCount } from '../../../format.ts'
import { useNames } from '../../../names.ts'
import type { View } from '../../../view.ts'

const suggested = 12

/** Values of a dimension, several of them, with those that the site has in this range to choose from. */
export const ValuePicker = (props: {
  view: Pick<View, 'site' | 'range'>
  dimension: Dimension
  operator: FilterOperator
  values: readonly string[]
  onValues: (values: string[]) => void
}) => {
  const { view, dimension, operator, values, onValues } = props
  const t = useTranslations('filter')
  const names = useNames()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [isOpen, setIsOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const part = typed.trim()
  const { data } = useStats(
    {
      site_id: view.site,
      metrics: ['visitors'],
      date_range: view.range,
      dimensions: [dimension],
      filters:
        part && dimension !== 'visit:country' ? [['contains', dimension, [part], { case_sensitive: false }]] : [],
      pagination: { limit: 300 },
    },
    { enabled: isOpen },
  )
  const isExact = operator === 'is' || operator === 'is_not'
  const options = (isExact ? (data?.results ?? []) : [])
    .map(({ dimensions, metrics }) => ({ value: dimensions[0] ?? '', count: metrics[0] ?? 0 }))
    .map((option) => ({ ...option, name: names.value(dimension, option.value) }))
    // A country is looked for by its name, which only this side knows.
    .filter(
      ({ value, name }) => !values.includes(value) && `${name} ${value}`.toLowerCase().includes(part.toLowerCase()),
    )
    .slice(0, suggested)
  const add = (value: string) => {
    if (!values.includes(value)) onValues([...values, value])
    setTyped('')
    setActive(-1)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setIsOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % Math.max(1, options.length))
    } else if (event.key === 'Enter') {
      const option = options[active]
      if (option) {
        event.preventDefault()
        add(option.value)
      } else if (part) {
        event.preventDefault()
        add(part)
      }
    } else if (event.key === 'Escape' && isOpen && options.length > 0) {
      event.stopPropagation()
      setIsOpen(false)
    } else if (event.key === 'Backspace' && typed === '' && values.length > 0) onValues(values.slice(0, -1))
  }
  return (
    <div className="relative min-w-0 flex-1 basis-52">
      <div className="flex flex-wrap items-center gap-1 rounded-lg border border-line bg-paper px-1.5 py-1 focus-within:outline-2 focus-within:outline-accent">
        {values.map((value) => {
          const name = names.value(dimension, value)
          return (
            <span key={value} className="flex max-w-full items-center gap-1 rounded-md bg-accent-soft px-1.5 py-0.5">
              <span className="truncate">{name}</span>
              <button
                type="button"
                aria-label={t('removeValue', { value: name })}
                onClick={() => onValues(values.filter((each) => each !== value))}
                className="rounded hover:bg-card"
              >
                <X size={12} aria-hidden />
              </button>
            </span>
          )
        })}
        <input
          role="combobox"
          aria-label={t('values')}
          aria-expanded={isOpen && options.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(active >= 0 ? { 'aria-activedescendant': `${id}-${active}` } : {})}
          placeholder={values.length === 0 ? t('typeValue') : ''}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value)
            setActive(-1)
            setIsOpen(true)
          }}
          onFocus={() => setIsOpen(true)}
          onBlur={() => {
            if (part) add(part)
            setIsOpen(false)
          }}
          onKeyDown={press}
          className="min-w-24 flex-1 bg-transparent px-1 py-0.5 outline-none"
        />
      </div>
      <ul
        id={`${id}-list`}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list of a combobox
        role="listbox"
        aria-label={t('suggestions')}
        hidden={!isOpen || options.length === 0}
        className={clsx(floating, 'absolute inset-x-0 top-full mt-1 max-h-56 overflow-y-auto p-1')}
      >
        {options.map(({ value, name, count }, index) => (
          <li
            key={value}
            id={`${id}-${index}`}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of a combobox
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            // Before the field loses the focus, and with it what is typed.
            onPointerDown={(event) => {
              event.preventDefault()
              add(value)
            }}
            className={clsx(
              'flex cursor-pointer justify-between gap-3 rounded-md px-2 py-1',
              index === active ? 'bg-accent-soft' : 'hover:bg-raised',
            )}
          >
            <span className="truncate">{name}</span>
            <span className="text-soft">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
