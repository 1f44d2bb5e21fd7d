import { type ReactNode, useId } from 'react'
import { ApiError } from '../../api/client.ts'

/** What the server says is wrong with a field, or with anything in it; undefined where nothing is. */
export type ErrorOf = (field: string) => string | undefined

/** The error of a form told at its fields. */
export const errorsOf =
  (error: Error | null): ErrorOf =>
  (field) =>
    error instanceof ApiError && error.field !== undefined && `${error.field}/`.startsWith(`${field}/`)
      ? error.message
      : undefined

const input =
  'mt-1 w-full min-w-0 rounded-lg border border-line bg-paper px-3 py-2 aria-invalid:border-bad disabled:opacity-50'

type Common = { label: string; hint?: string | undefined; error?: string | undefined }
type Described = { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined; className: string }

const Field = ({ label, hint, error, children }: Common & { children: (described: Described) => ReactNode }) => {
  const id = useId()
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, 'aria-invalid': error !== undefined, 'aria-describedby': about || undefined, className: input })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" data-field-error className="mt-1 text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  )
}

type TextProps = Common & {
  value: string
  onValue: (value: string) => void
  type?: 'text' | 'number' | 'date' | 'time' | 'password' | 'url' | 'email'
  /** What the browser may fill in; of passwords, a new one where nothing is said. */
  autoComplete?: 'current-password' | 'username' | 'name' | 'one-time-code'
  isRequired?: boolean
  min?: number
  max?: number
  step?: number | 'any'
  list?: readonly string[] | undefined
  placeholder?: string
  maxLength?: number
}

export const TextField = ({
  value,
  onValue,
  type = 'text',
  isRequired = false,
  min,
  max,
  step,
  list,
  placeholder,
  maxLength,
  autoComplete,
  ...common
}: TextProps) => {
  const listId = useId()
  return (
    <Field {...common}>
      {(described) => (
        <>
          <input
            {...described}
            type={type}
            value={value}
            required={isRequired}
            min={min}
            max={max}
            step={step}
            placeholder={placeholder}
            maxLength={maxLength}
            list={list ? listId : undefined}
            autoComplete={autoComplete ?? (type === 'password' ? 'new-password' : 'off')}
            onChange={(event) => onValue(event.target.value)}
          />
          {list && (
            <datalist id={listId}>
              {list.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  )
}

/** A text of some lines. */
export const AreaField = ({
  value,
  onValue,
  rows = 3,
  maxLength = 2000,
  placeholder,
  ...common
}: Common & {
  value: string
  onValue: (value: string) => void
  rows?: number
  maxLength?: number
  placeholder?: string
}) => (
  <Field {...common}>
    {(described) => (
      <textarea
        {...described}
        value={value}
        rows={rows}
        maxLength={maxLength}
        placeholder={placeholder}
        onChange={(event) => onValue(event.target.value)}
      />
    )}
  </Field>
)

/** Yes or no, with what it means beside it. */
export const CheckField = (props: {
  label: string
  hint?: string
  value: boolean
  onValue: (value: boolean) => void
}) => {
  const id = useId()
  return (
    <div className="flex gap-2.5">
      <input
        id={id}
        type="checkbox"
        checked={props.value}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onValue(event.target.checked)}
        className="mt-1 size-4 shrink-0 accent-(--accent)"
      />
      <div>
        <label htmlFor={id} className="font-medium">
          {props.label}
        </label>
        {props.hint && (
          <p id={`${id}-hint`} className="text-xs text-soft">
            {props.hint}
          </p>
        )}
      </div>
    </div>
  )
}

type SelectProps<Value extends string> = Common & {
  value: Value
  onValue: (value: Value) => void
  options: readonly { value: Value; name: string }[]
}

export const SelectField = <Value extends string>({ value, onValue, options, ...common }: SelectProps<Value>) => (
  <Field {...common}>
    {(described) => (
      <select
        {...described}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen) onValue(chosen.value)
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    )}
  </Field>
)

/** A number as it was typed; undefined where nothing was. */
export const numberIn = (text: string): number | undefined => (text.trim() === '' ? undefined : Number(text))

/** A list as it was typed, with commas between. */
export const listIn = (text: string): string[] => text.split(',').flatMap((each) => each.trim() || [])

export const primary =
  'rounded-lg bg-accent px-4 py-2 font-semibold text-on-accent hover:opacity-90 disabled:opacity-50'
export const danger = 'rounded-lg bg-bad px-3 py-1.5 font-semibold text-card hover:opacity-90 disabled:opacity-50'
export const secondary = 'rounded-lg border border-line px-3 py-1.5 font-medium hover:bg-raised disabled:opacity-50'
