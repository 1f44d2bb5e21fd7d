import clsx from 'clsx'

/** Bars from left, the oldest, to right, now. `label` says in words what they show. */
export const Bars = (props: { counts: readonly number[]; label: string; height: number; isThin?: boolean }) => {
  const { counts, isThin } = props
  const most = Math.max(1, ...counts)
  return (
    <div
      role="img"
      aria-label={props.label}
      className={clsx('flex items-end', isThin ? 'gap-px' : 'gap-1')}
      style={{ height: props.height }}
    >
      {counts.map((count, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
          key={index}
          title={String(count)}
          className={clsx(
            'min-w-0 flex-1 rounded-t-sm motion-safe:transition-[height] motion-safe:duration-300',
            count === 0 ? 'bg-raised' : index === counts.length - 1 ? 'bg-accent' : 'bg-accent/70',
          )}
          style={{ height: count === 0 ? 2 : `${Math.max(6, (100 * count) / most)}%` }}
        />
      ))}
    </div>
  )
}
