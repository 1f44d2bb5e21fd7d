import clsx from 'clsx'
import { useEffect, useId, useState } from 'react'

/** Whether a suggestion was picked: browsers tell of it as of typing, but for what they leave out or call it. */
const isPicked = (event: Event): boolean =>
  !(event instanceof InputEvent) || event.inputType === 'insertReplacementText' || event.inputType === ''

/** A text that is mostly one of those suggested; it counts when it is picked, on Enter, or on leaving. */
export const Suggest = (props: {
  label: string
  value: string
  suggestions: readonly string[]
  placeholder?: string
  onValue: (value: string) => void
  className?: string
}) => {
  const { value, onValue } = props
  const id = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const settle = (next: string) => {
    if (next.trim() !== value) onValue(next.trim())
  }
  return (
    <>
      <input
        type="text"
        aria-label={props.label}
        list={id}
        value={text}
        placeholder={props.placeholder}
        autoComplete="off"
        spellCheck={false}
        maxLength={2048}
        onChange={(event) => {
          setText(event.target.value)
          if (isPicked(event.nativeEvent)) settle(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') settle(text)
        }}
        onBlur={() => settle(text)}
        className={clsx('min-w-0 rounded-lg border border-line bg-card px-2.5 py-1.5 hover:bg-raised', props.className)}
      />
      <datalist id={id}>
        {props.suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </>
  )
}
