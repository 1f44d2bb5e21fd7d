import type { Idea, IdeaTemplate } from '@clickwatch/contract'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError } from '../../../api/client.ts'
import { useKeepIdea } from '../../../api/ideas.ts'
import { Card } from '../../../components/card.tsx'
import { useSiteTime } from '../../behaviour/use-site-time.ts'
import { type ErrorOf, errorsOf, primary, secondary } from '../../settings/fields.tsx'
import { changedIdea, changedLocks } from './changed.ts'
import { type Draft, draftOf, ideaOf, planOf } from './draft.ts'
import { LockedNote, WhyChanged } from './locked.tsx'
import { Planner } from './planner.tsx'
import { canBePlanned, type FormStep, formSteps, type ProblemCode, problemsOf, stepOf } from './problems.ts'
import { StepAudience } from './step-audience.tsx'
import { StepBar } from './step-bar.tsx'
import { StepDoor } from './step-door.tsx'
import { StepIdea } from './step-idea.tsx'
import { StepPlace } from './step-place.tsx'
import type { StepProps } from './step-props.ts'
import { StepVariants } from './step-variants.tsx'
import { Stepper } from './stepper.tsx'
import { draftFrom } from './templates.ts'

const lockedSteps: readonly FormStep[] = ['place', 'audience', 'bar', 'variants']

/** The first thing that is wrong with a field, or with anything in it, in words. */
const problemIn = (problems: Partial<Record<string, ProblemCode>>, field: string): ProblemCode | undefined =>
  Object.entries(problems).find(([name]) => `${name}/`.startsWith(`${field}/`))?.[1]

/** A new idea, or one that there is, in steps; the plan stands beside it. */
export const IdeaForm = (props: {
  site: string
  /** What is changed; undefined for a new one. */
  idea: Idea | undefined
  template: IdeaTemplate
  onTemplate: (template: IdeaTemplate) => void
  onDone: (id: string) => void
  onCancel: () => void
}) => {
  const { site, idea } = props
  const t = useTranslations('ideaForm')
  const words = useTranslations('ideas.templates')
  const { moment } = useSiteTime(site)
  const [draft, setDraft] = useState<Draft>(() => (idea ? draftOf(idea) : draftFrom(props.template, words)))
  const [step, setStep] = useState<FormStep>('idea')
  const [visited, setVisited] = useState<ReadonlySet<FormStep>>(new Set())
  const [why, setWhy] = useState('')
  const keep = useKeepIdea(site)
  const heading = useRef<HTMLHeadingElement>(null)

  const problems = problemsOf(draft, site)
  const written = idea ? changedIdea(idea, draft, site) : ideaOf(draft, site)
  const changed = idea?.locked_at ? changedLocks(idea, written) : []
  const serverField = keep.error instanceof ApiError ? keep.error.field : undefined
  const serverSteps = serverField === undefined ? [] : [stepOf(serverField)]
  const wrong = new Set(
    formSteps.filter(
      (each) =>
        serverSteps.includes(each) ||
        (visited.has(each) && Object.keys(problems).some((field) => stepOf(field) === each)),
    ),
  )
  const errorOf: ErrorOf = (field) => {
    const isVisited = visited.has(stepOf(field) ?? step)
    const problem = isVisited ? problemIn(problems, field) : undefined
    return problem === undefined ? errorsOf(keep.error)(field) : t(`problems.${problem}`)
  }
  const change = (next: Partial<Draft>) => {
    // What the server said was of what was there before.
    keep.reset()
    setDraft((before) => ({ ...before, ...next }))
  }
  const goTo = (next: FormStep) => {
    setVisited(new Set([...visited, step]))
    setStep(next)
    requestAnimationFrame(() => {
      heading.current?.focus()
      heading.current?.scrollIntoView({ block: 'nearest' })
    })
  }
  const place = formSteps.indexOf(step)
  const next = formSteps[place + 1]
  const before = formSteps[place - 1]

  const save = () => {
    setVisited(new Set(formSteps))
    const broken = Object.keys(problems)[0]
    if (broken !== undefined) {
      goTo(stepOf(broken) ?? step)
      setVisited(new Set(formSteps))
      return
    }
    const body = { ...written, ...(why.trim() === '' ? {} : { why: why.trim() }) }
    keep.mutate(
      { id: idea?.id, body },
      {
        onSuccess: ({ id }) => props.onDone(id),
        onError: (error) => {
          const at = error instanceof ApiError && error.field !== undefined ? stepOf(error.field) : undefined
          if (at) setStep(at)
        },
      },
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (next === undefined || idea) save()
    else if (Object.keys(problems).some((field) => stepOf(field) === step)) setVisited(new Set([...visited, step]))
    else goTo(next)
  }
  const stepProps: StepProps = { site, isNew: idea === undefined, draft, change, errorOf }
  const parts: Record<FormStep, () => ReactNode> = {
    idea: () => (
      <StepIdea
        {...stepProps}
        onTemplate={
          idea
            ? undefined
            : (template) => {
                const { name, key, isKeyOwn, hypothesis, page, element } = draft
                setDraft({ ...draftFrom(template, words), name, key, isKeyOwn, hypothesis, page, element })
                props.onTemplate(template)
              }
        }
      />
    ),
    place: () => <StepPlace {...stepProps} />,
    audience: () => <StepAudience {...stepProps} />,
    bar: () => <StepBar {...stepProps} />,
    variants: () => <StepVariants {...stepProps} />,
    door: () => <StepDoor {...stepProps} />,
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-3">
      <Card className="p-5 lg:col-span-2">
        <Stepper current={step} visited={visited} wrong={wrong} onStep={goTo} />
        <form onSubmit={submit} noValidate aria-label={t(`stepTitle.${step}`)} className="group/form mt-5">
          <h2 ref={heading} tabIndex={-1} className="text-lg font-bold outline-none">
            {t(`stepTitle.${step}`)}
          </h2>
          <p className="mt-0.5 mb-4 text-soft">{t(`stepAbout.${step}`)}</p>
          {idea?.locked_at && lockedSteps.includes(step) && <LockedNote since={moment(idea.locked_at)} />}
          {parts[step]()}
          {changed.length > 0 && (
            <WhyChanged changed={changed} why={why} onWhy={setWhy} errorOf={errorsOf(keep.error)} />
          )}
          {keep.error && (
            // What a field has told already is not told again.
            <p role="alert" className="mt-4 text-bad group-has-[[data-field-error]]/form:hidden">
              {keep.error.message}
            </p>
          )}
          <div className="mt-6 flex flex-wrap items-center gap-2 border-t border-line pt-4">
            {before && (
              <button type="button" onClick={() => goTo(before)} className={secondary}>
                {t('back')}
              </button>
            )}
            {idea && next && (
              <button type="button" onClick={() => goTo(next)} className={secondary}>
                {t('next')}
              </button>
            )}
            <span className="ml-auto flex gap-2">
              <button type="button" onClick={props.onCancel} className={secondary}>
                {t('cancel')}
              </button>
              <button type="submit" disabled={keep.isPending} className={primary}>
                {keep.isPending
                  ? t('saving')
                  : idea
                    ? changed.length > 0
                      ? t('saveAnew')
                      : t('save')
                    : next
                      ? t('next')
                      : t('create')}
              </button>
            </span>
          </div>
        </form>
      </Card>
      <div className="lg:sticky lg:top-4">
        <Planner site={site} draft={canBePlanned(problems) ? planOf(draft, site) : undefined} />
      </div>
    </div>
  )
}
