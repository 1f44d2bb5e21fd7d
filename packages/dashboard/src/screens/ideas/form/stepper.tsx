import clsx from 'clsx'
import { Check, CircleAlert } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { type FormStep, formSteps } from './problems.ts'

/** The steps of the form, each a way to it, with how it stands with each. */
export const Stepper = (props: {
  current: FormStep
  /** Steps somebody has been in. */
  visited: ReadonlySet<FormStep>
  wrong: ReadonlySet<FormStep>
  onStep: (step: FormStep) => void
}) => {
  const t = useTranslations('ideaForm')
  return (
    <nav aria-label={t('steps')} className="overflow-x-auto">
      <ol className="flex gap-1 border-b border-line pb-2">
        {formSteps.map((step, place) => {
          const isWrong = props.wrong.has(step)
          const isDone = props.visited.has(step) && !isWrong && step !== props.current
          return (
            <li key={step}>
              <button
                type="button"
                aria-current={step === props.current ? 'step' : undefined}
                onClick={() => props.onStep(step)}
                className="flex items-center gap-2 rounded-lg px-2.5 py-1.5 font-medium whitespace-nowrap text-soft hover:bg-raised hover:text-ink aria-[current=step]:bg-raised aria-[current=step]:text-ink"
              >
                <span
                  aria-hidden
                  className={clsx(
                    'grid size-5 place-items-center rounded-full text-xs font-bold',
                    isWrong
                      ? 'text-bad'
                      : step === props.current
                        ? 'bg-accent text-on-accent'
                        : 'bg-accent-soft text-accent',
                  )}
                >
                  {isWrong ? <CircleAlert size={18} /> : isDone ? <Check size={13} strokeWidth={3} /> : place + 1}
                </span>
                {t(`step.${step}`)}
                {isWrong && <span className="sr-only"> {t('stepWrong')}</span>}
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
