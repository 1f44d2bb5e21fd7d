import { Plus, Trash2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { formatShare } from '../../../format.ts'
import { CheckField, secondary, TextField } from '../../settings/fields.tsx'
import { type ChangeDraft, nextId, type VariantDraft } from './draft.ts'
import type { StepProps } from './step-props.ts'
import { newVariant } from './templates.ts'

const mostVariants = 10
const mostChanges = 20

/** Hidden, it needs no text: an empty one would be set beside it. */
const hiddenOf = ({ text }: ChangeDraft): Partial<ChangeDraft> => ({ text: text || undefined, isHidden: true })
/** What is not hidden says a text, were it none. */
const shownOf = ({ text = '' }: ChangeDraft): Partial<ChangeDraft> => ({ text, isHidden: undefined })

const Changes = (props: {
  name: string
  changes: ChangeDraft[]
  onChanges: (changes: ChangeDraft[]) => void
  error: string | undefined
}) => {
  const { name, changes, onChanges } = props
  const t = useTranslations('ideaForm')
  const set = (place: number, next: Partial<ChangeDraft>) => {
    const change = changes[place]
    if (change) onChanges(changes.with(place, { ...change, ...next }))
  }
  return (
    <div>
      <ul className="space-y-3">
        {changes.map((change, place) => (
          <li key={change.id} className="grid gap-3 rounded-lg bg-raised/50 p-3 sm:grid-cols-2">
            <TextField
              label={t('selector')}
              placeholder="#price"
              value={change.selector}
              maxLength={500}
              onValue={(selector) => set(place, { selector })}
            />
            <TextField
              label={t('newText')}
              value={change.text ?? ''}
              maxLength={2000}
              onValue={(text) => set(place, { text, isHidden: change.isHidden ? undefined : change.isHidden })}
            />
            <CheckField
              label={t('hide')}
              value={change.isHidden ?? false}
              onValue={(isHidden) => set(place, isHidden ? hiddenOf(change) : shownOf(change))}
            />
            <button
              type="button"
              onClick={() => onChanges(changes.toSpliced(place, 1))}
              className="justify-self-end rounded-md px-2 py-1 text-sm font-medium text-soft hover:bg-raised hover:text-bad"
            >
              {t('removeChange')}
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        disabled={changes.length >= mostChanges}
        aria-label={t('addChangeTo', { name })}
        onClick={() => onChanges([...changes, { id: nextId(), selector: '', text: '', isHidden: undefined }])}
        className={`${secondary} mt-2`}
      >
        <Plus size={15} aria-hidden className="-ml-0.5 mr-1 inline align-[-2px]" />
        {t('addChange')}
      </button>
      {props.error && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {props.error}
        </p>
      )}
    </div>
  )
}

const VariantFields = (props: StepProps & { variant: VariantDraft; place: number; share: number }) => {
  const { draft, change, errorOf, variant, place, share } = props
  const t = useTranslations('ideaForm')
  const at = (name: string) => errorOf(`variants/${place}/${name}`)
  const set = (next: Partial<VariantDraft>) => change({ variants: draft.variants.with(place, { ...variant, ...next }) })
  return (
    <li className="rounded-xl border border-line p-4" data-variant={variant.key}>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h3 className="font-semibold">{variant.name || variant.key}</h3>
        {place === 0 && (
          <span className="rounded-full bg-raised px-2 py-0.5 text-xs font-medium text-soft">{t('control')}</span>
        )}
        <span className="ml-auto text-sm text-soft">{t('shareOfVisitors', { share: formatShare(share) })}</span>
        {draft.variants.length > 2 && (
          <button
            type="button"
            aria-label={t('removeVariant', { name: variant.name || variant.key })}
            onClick={() => change({ variants: draft.variants.toSpliced(place, 1) })}
            className="rounded-lg p-1.5 text-soft hover:bg-raised hover:text-bad"
          >
            <Trash2 size={15} aria-hidden />
          </button>
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-4">
        <div className="sm:col-span-2">
          <TextField
            label={t('variantName')}
            value={variant.name}
            maxLength={120}
            onValue={(name) => set({ name })}
            error={at('name')}
            isRequired
          />
        </div>
        <TextField
          label={t('variantKey')}
          value={variant.key}
          maxLength={40}
          onValue={(key) => set({ key })}
          error={at('key')}
          isRequired
        />
        <TextField
          label={t('weight')}
          type="number"
          min={0}
          max={1000}
          step="any"
          value={variant.weight}
          onValue={(weight) => set({ weight })}
          error={at('weight')}
          isRequired
        />
      </div>
      <details className="mt-3" open={place > 0 || variant.url !== '' || variant.changes.length > 0 || undefined}>
        <summary className="cursor-pointer text-sm font-medium text-accent">
          {place === 0 ? t('whatItShowsControl') : t('whatItShows')}
        </summary>
        <div className="mt-3 space-y-4">
          <TextField
            label={t('url')}
            hint={t('urlHint')}
            placeholder="/pricing-b"
            value={variant.url}
            maxLength={2048}
            onValue={(url) => set({ url })}
            error={at('url')}
          />
          <Changes
            name={variant.name || variant.key}
            changes={variant.changes}
            onChanges={(changes) => set({ changes })}
            error={at('changes')}
          />
        </div>
      </details>
    </li>
  )
}

/** Several forms of the idea, who sees which, and who sees none. */
export const StepVariants = (props: StepProps) => {
  const { draft, change, errorOf } = props
  const t = useTranslations('ideaForm')
  const weights = draft.variants.reduce((sum, { weight }) => sum + (Number(weight) || 0), 0)
  const shown = 1 - (Number(draft.holdoutPercent) || 0) / 100
  return (
    <div className="space-y-5">
      <CheckField
        label={t('hasVariants')}
        hint={t('hasVariantsHint')}
        value={draft.hasVariants}
        onValue={(hasVariants) => change({ hasVariants })}
      />
      {draft.hasVariants && (
        <>
          <ol className="space-y-3">
            {draft.variants.map((variant, place) => (
              <VariantFields
                key={variant.id}
                {...props}
                variant={variant}
                place={place}
                share={weights > 0 ? ((Number(variant.weight) || 0) / weights) * shown : 0}
              />
            ))}
          </ol>
          {errorOf('variants') && !draft.variants.some((_, place) => errorOf(`variants/${place}`)) && (
            <p role="alert" className="text-sm text-bad">
              {errorOf('variants')}
            </p>
          )}
          <button
            type="button"
            disabled={draft.variants.length >= mostVariants}
            onClick={() =>
              change({
                variants: [
                  ...draft.variants,
                  newVariant(draft, t('variantNumber', { number: draft.variants.length + 1 })),
                ],
              })
            }
            className={secondary}
          >
            <Plus size={15} aria-hidden className="-ml-0.5 mr-1 inline align-[-2px]" />
            {t('addVariant')}
          </button>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label={t('holdout')}
              hint={t('holdoutHint')}
              type="number"
              min={0}
              max={90}
              step="any"
              value={draft.holdoutPercent}
              onValue={(holdoutPercent) => change({ holdoutPercent })}
              error={errorOf('holdout')}
            />
            <TextField
              label={t('exclusiveGroup')}
              hint={t('exclusiveGroupHint')}
              value={draft.exclusiveGroup}
              maxLength={60}
              onValue={(exclusiveGroup) => change({ exclusiveGroup })}
              error={errorOf('exclusive_group')}
            />
          </div>
        </>
      )}
    </div>
  )
}
