import type { ReactNode } from 'react'
import { Failure, Skeleton } from '../../components/states.tsx'

/** A question's answer as soon as it is there, and until then how it stands with it. */
export const Answer = <Data,>(props: {
  question: {
    data: Data | undefined
    error: Error | null
    isFetching: boolean
    isPlaceholderData: boolean
    refetch: () => unknown
  }
  loading: string
  lines?: number
  children: (data: Data) => ReactNode
}) => {
  const { data, error, isPlaceholderData, refetch } = props.question
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton lines={props.lines ?? 6} label={props.loading} />
  return (
    <div
      aria-busy={isPlaceholderData}
      className={isPlaceholderData ? 'opacity-60 transition-opacity delay-200' : undefined}
    >
      {props.children(data)}
    </div>
  )
}

/** A place with nothing in it: why that may be, and what to do next. */
export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => (
  <div className="mx-auto max-w-xl py-10 text-center">
    <p className="text-base font-semibold">{title}</p>
    {children && <div className="mt-1.5 text-soft">{children}</div>}
  </div>
)
