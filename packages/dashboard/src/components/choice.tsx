import clsx from 'clsx'
import { ToggleGroup } from 'radix-ui'

/** One of a few, side by side; the arrow keys move between them. */
export const Choice = <Value extends string>(props: {
  label: string
  value: Value
  options: readonly { value: Value; name: string }[]
  onValue: (value: Value) => void
  className?: string
}) => (
  <ToggleGroup.Root
    type="single"
    aria-label={props.label}
    value={props.value}
    onValueChange={(value) => {
      const picked = props.options.find((option) => option.value === value)
      if (picked) props.onValue(picked.value)
    }}
    className={clsx('inline-flex flex-wrap rounded-lg bg-raised p-0.5', props.className)}
  >
    {props.options.map(({ value, name }) => (
      <ToggleGroup.Item
        key={value}
        value={value}
        className="rounded-md px-2.5 py-1 font-medium text-soft hover:text-ink data-[state=on]:bg-card data-[state=on]:text-ink data-[state=on]:shadow-sm"
      >
        {name}
      </ToggleGroup.Item>
    ))}
  </ToggleGroup.Root>
)
