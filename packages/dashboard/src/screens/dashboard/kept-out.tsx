import { useExcluded } from '../../api/queries.ts'
import { formatCount } from '../../format.ts'

const names: Record<string, string> = {
  bot: 'from bots',
  headless: 'from browsers without a screen',
  no_user_agent: 'from programs that do not say what they are',
  prefetch: 'of pages that were loaded ahead',
  own_address: 'of your own addresses',
}

/** What arrived and stays out of the numbers, and why; nothing where there is none. */
export const KeptOut = ({ site }: { site: string }) => {
  const { data } = useExcluded(site)
  if (!data || data.excluded.length === 0) return null
  const parts = data.excluded.map(({ reason, events }) => `${formatCount(events)} ${names[reason] ?? reason}`)
  return (
    <p className="text-center text-sm text-soft">
      Events kept out of these numbers in the last 30 days: {parts.join(' · ')}.
    </p>
  )
}
