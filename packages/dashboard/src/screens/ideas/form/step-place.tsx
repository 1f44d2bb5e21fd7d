import { type Grade, grades } from '@clickwatch/contract'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { SelectField, secondary, TextField } from '../../settings/fields.tsx'
import { blankRule, ruleOf } from '../../settings/rule-draft.ts'
import { RuleFields } from '../../settings/rule-fields.tsx'
import { useRuleText } from '../../settings/use-rule-text.ts'
import { gradeIcons } from '../grades.ts'
import { ladderOf, nextId, type RungDraft } from './draft.ts'
import { needsElement, needsPage } from './ladders.ts'
import type { StepProps } from './step-props.ts'
import { useSeen } from './use-seen.ts'

const mostRungs = 5

/** Where it is shown. What counts as interest follows from that, until somebody changes it. */
const Where = ({ site, draft, change, errorOf }: StepProps) => {
  const t = useTranslations('ideaForm')
  const seen = useSeen(site, draft.page)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={needsPage[draft.template] ? t('page') : t('pageOptional')}
        hint={t('pageHint')}
        value={draft.page}
        placeholder="/pricing"
        list={seen.pages}
        maxLength={2048}
        onValue={(page) => change({ page })}
        error={errorOf('place/page')}
        isRequired={needsPage[draft.template]}
      />
      <TextField
        label={needsElement[draft.template] ? t('element') : t('elementOptional')}
        hint={t('elementHint')}
        value={draft.element}
        list={seen.elements}
        maxLength={1000}
        onValue={(element) => change({ element })}
        error={errorOf('place/element')}
        isRequired={needsElement[draft.template]}
      />
    </div>
  )
}

const RungForm = (props: StepProps & { rung: RungDraft; place: number; onRung: (rung: RungDraft) => void }) => {
  const { site, rung, place, onRung, errorOf } = props
  const t = useTranslations('ideaForm')
  const names = useTranslations('ideas.grades')
  const seen = useSeen(site, rung.rule.path)
  return (
    <div className="mt-3 grid gap-4 border-t border-line pt-3 sm:grid-cols-2">
      <SelectField<Grade>
        label={t('grade')}
        value={rung.grade}
        onValue={(grade) => onRung({ ...rung, grade })}
        error={errorOf(`ladder/${place}/grade`)}
        options={grades.map((value) => ({ value, name: names(`${value}.name`) }))}
      />
      <TextField
        label={t('rungLabel')}
        value={rung.label}
        maxLength={120}
        onValue={(label) => onRung({ ...rung, label })}
        error={errorOf(`ladder/${place}/label`)}
      />
      <RuleFields
        draft={rung.rule}
        seen={seen}
        change={(change) => onRung({ ...rung, rule: { ...rung.rule, ...change } })}
        errorOf={(field) => errorOf(`ladder/${place}/${field}`)}
      />
    </div>
  )
}

/** What counts as interest, rising: each rung with what has to happen, to be changed one at a time. */
const Ladder = (props: StepProps) => {
  const { site, draft, change, errorOf } = props
  const t = useTranslations('ideaForm')
  const names = useTranslations('ideas.grades')
  const ruleText = useRuleText()
  const [opened, setOpened] = useState<number>()
  const rungs = ladderOf(draft, site)
  const setRungs = (ladder: RungDraft[]) => change({ ladder })
  const add = () => {
    const next = grades.find((grade) => grades.indexOf(grade) > grades.indexOf(rungs.at(-1)?.grade ?? 'seen'))
    const rung: RungDraft = { id: nextId(), grade: next ?? 'payment', label: '', rule: { ...blankRule, type: 'event' } }
    setRungs([...rungs, rung])
    setOpened(rung.id)
  }
  return (
    <section aria-label={t('ladder')}>
      <h3 className="font-medium">{t('ladder')}</h3>
      <p className="mt-0.5 mb-3 text-sm text-soft">{t('ladderAbout')}</p>
      <ol className="space-y-2">
        {rungs.map((rung, place) => {
          const Icon = gradeIcons[rung.grade]
          const name = names(`${rung.grade}.name`)
          const isBlank = draft.ladder === undefined && rung.rule.type === 'element' && rung.rule.element === ''
          const hasError = errorOf(`ladder/${place}`) !== undefined
          return (
            <li key={rung.id} data-rung={rung.grade} className="rounded-xl border border-line p-3">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
                <Icon size={17} aria-hidden className="shrink-0 text-accent" />
                <div className="min-w-0 flex-1">
                  <p className="font-medium">{rung.label || name}</p>
                  <p className="text-sm wrap-anywhere text-soft">
                    {isBlank ? t('elementComes') : ruleText(ruleOf(rung.rule))}
                  </p>
                </div>
                <button
                  type="button"
                  aria-expanded={opened === rung.id}
                  aria-label={t('changeRung', { name })}
                  onClick={() => {
                    if (!draft.ladder) setRungs(rungs)
                    setOpened(opened === rung.id ? undefined : rung.id)
                  }}
                  className="rounded-lg p-2 text-soft hover:bg-raised hover:text-ink"
                >
                  <Pencil size={15} aria-hidden />
                </button>
                {place > 0 && rungs.length > 2 && (
                  <button
                    type="button"
                    aria-label={t('removeRung', { name })}
                    onClick={() => setRungs(rungs.toSpliced(place, 1))}
                    className="rounded-lg p-2 text-soft hover:bg-raised hover:text-bad"
                  >
                    <Trash2 size={15} aria-hidden />
                  </button>
                )}
              </div>
              {(opened === rung.id || hasError) && draft.ladder && (
                <RungForm {...props} rung={rung} place={place} onRung={(next) => setRungs(rungs.with(place, next))} />
              )}
            </li>
          )
        })}
      </ol>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <button type="button" disabled={rungs.length >= mostRungs} onClick={add} className={secondary}>
          <Plus size={15} aria-hidden className="-ml-0.5 mr-1 inline align-[-2px]" />
          {t('addRung')}
        </button>
        {errorOf('ladder') && !rungs.some((_, place) => errorOf(`ladder/${place}`)) && (
          <p role="alert" className="text-sm text-bad">
            {errorOf('ladder')}
          </p>
        )}
      </div>
    </section>
  )
}

export const StepPlace = (props: StepProps) => {
  const { draft, change } = props
  const t = useTranslations('ideaForm')
  return (
    <div className="space-y-5">
      {draft.ladder === undefined ? (
        <Where {...props} />
      ) : (
        props.isNew && (
          <p className="text-sm text-soft">
            {t('ladderOwn')}{' '}
            <button
              type="button"
              onClick={() => change({ ladder: undefined })}
              className="font-medium text-accent underline"
            >
              {t('ladderReset')}
            </button>
          </p>
        )
      )}
      <Ladder {...props} />
    </div>
  )
}
