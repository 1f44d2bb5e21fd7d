import type { IdeaReport as Report } from '@clickwatch/contract'
import { Days } from './days-chart.tsx'
import { Decisions } from './decisions.tsx'
import { FirstCard, spokenOf } from './first-card.tsx'
import { Flags } from './flags.tsx'
import { Hypothesis } from './hypothesis.tsx'
import { Interested } from './interested.tsx'
import { Ladder } from './ladder.tsx'
import { Mix } from './mix.tsx'
import type { Reader } from './reader.ts'
import { Revisions } from './revisions.tsx'
import { Robustness } from './robustness.tsx'
import { Strata } from './strata.tsx'
import { Variants } from './variants.tsx'

/** Everything that is known of an idea: the first card in one view, the rest below it. */
export const IdeaReport = ({ site, report, reader }: { site: string; report: Report; reader: Reader }) => {
  const { idea, evidence } = report
  const spoken = spokenOf(report)
  const { verdict } = evidence.recommendation
  return (
    <>
      <FirstCard report={report} />
      {spoken && (
        <>
          <Flags report={report} />
          <Ladder report={report} spoken={spoken} />
          <Days days={evidence.days} bar={idea.bar.rate} />
          {evidence.variants.length > 1 && <Variants report={report} />}
          {evidence.strata.length > 0 && <Strata evidence={evidence} spoken={spoken} />}
          {spoken.adjusted && <Mix spoken={spoken} adjusted={spoken.adjusted} />}
          {evidence.robustness.length > 0 && <Robustness evidence={evidence} spoken={spoken} />}
        </>
      )}
      <Decisions
        site={site}
        idea={idea}
        leaning={verdict === 'build' || verdict === 'stop' ? verdict : 'keep_testing'}
        reader={reader}
      />
      <Revisions site={site} revisions={idea.revisions} idea={idea} />
      {idea.door?.asks_address && reader === 'owner' && <Interested site={site} id={idea.id} name={idea.name} />}
      <Hypothesis site={site} report={report} />
    </>
  )
}
