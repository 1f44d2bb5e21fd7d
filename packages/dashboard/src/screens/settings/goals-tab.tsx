import type { Goal, NewGoal } from '@clickwatch/contract'
import { KeptList } from './kept-list.tsx'
import { NameField } from './name-field.tsx'
import { type RuleDraft, ruleDraftOf, ruleOf } from './rule-draft.ts'
import { RuleFields } from './rule-fields.tsx'
import { useRuleText } from './use-rule-text.ts'

type Draft = RuleDraft & { name: string }

export const GoalsTab = ({ site }: { site: string }) => {
  const ruleText = useRuleText()
  return (
    <KeptList<Goal, Draft, NewGoal>
      site={site}
      noun="goals"
      draftOf={(goal) => ({ ...ruleDraftOf(goal?.rule), name: goal?.name ?? '' })}
      drafting={{
        bodyOf: (draft) => ({ name: draft.name.trim(), rule: ruleOf(draft) }),
        fields: (draft, change, errorOf) => (
          <>
            <NameField draft={draft} change={change} errorOf={errorOf} />
            <RuleFields draft={draft} change={change} errorOf={errorOf} />
          </>
        ),
      }}
      nameOf={({ name }) => name}
      detail={({ rule }) => ruleText(rule)}
    />
  )
}
