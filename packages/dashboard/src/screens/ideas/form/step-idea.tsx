import type { IdeaTemplate } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { AreaField, TextField } from '../../settings/fields.tsx'
import { TemplateCards, templateCard } from '../template-cards.tsx'
import { keyOf } from './draft.ts'
import type { StepProps } from './step-props.ts'

/** What it is, and what would have to be true. `onTemplate` begins anew from another template; undefined where there is an idea. */
export const StepIdea = (props: StepProps & { onTemplate: ((template: IdeaTemplate) => void) | undefined }) => {
  const { draft, change, errorOf, onTemplate } = props
  const t = useTranslations('ideaForm')
  return (
    <div className="space-y-5">
      {onTemplate && (
        <fieldset>
          <legend className="mb-2 font-medium">{t('template')}</legend>
          <TemplateCards
            className="grid gap-3 sm:grid-cols-2"
            card={(template, content) => (
              <label className={`${templateCard} cursor-pointer`}>
                <input
                  type="radio"
                  name="template"
                  className="sr-only"
                  checked={draft.template === template}
                  onChange={() => onTemplate(template)}
                />
                {content}
              </label>
            )}
          />
        </fieldset>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('name')}
          value={draft.name}
          maxLength={120}
          placeholder={t(`namePlaceholder.${draft.template}`)}
          onValue={(name) => change({ name, ...(draft.isKeyOwn ? {} : { key: keyOf(name) }) })}
          error={errorOf('name')}
          isRequired
        />
        <TextField
          label={t('key')}
          hint={t('keyHint')}
          value={draft.key}
          maxLength={60}
          onValue={(key) => change({ key, isKeyOwn: true })}
          error={errorOf('key')}
          isRequired
        />
      </div>
      <AreaField
        label={t('hypothesis')}
        hint={t('hypothesisHint')}
        value={draft.hypothesis}
        placeholder={t(`hypothesisPlaceholder.${draft.template}`)}
        onValue={(hypothesis) => change({ hypothesis })}
        error={errorOf('hypothesis')}
      />
    </div>
  )
}
