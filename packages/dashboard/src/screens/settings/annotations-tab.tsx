import type { Annotation, NewAnnotation } from '@clickwatch/contract'
import { useTranslations } from 'use-intl'
import { formatDay } from '../../format.ts'
import { TextField } from './fields.tsx'
import { KeptList } from './kept-list.tsx'

type Draft = { day: string; time: string; text: string }

const draftOf = (annotation: Annotation | undefined): Draft => {
  const [day = '', time = ''] = annotation?.at.split(' ') ?? []
  return { day, time: time.slice(0, 5), text: annotation?.text ?? '' }
}

const bodyOf = ({ day, time, text }: Draft): NewAnnotation => ({
  at: time === '' ? day : `${day} ${time}:00`,
  text: text.trim(),
})

export const AnnotationsTab = ({ site }: { site: string }) => {
  const t = useTranslations('settings')
  return (
    <KeptList<Annotation, Draft, NewAnnotation>
      site={site}
      noun="annotations"
      draftOf={draftOf}
      drafting={{
        bodyOf,
        fields: (draft, change, errorOf) => (
          <>
            <TextField
              label={t('annotations.text')}
              value={draft.text}
              onValue={(text) => change({ text })}
              error={errorOf('text')}
              isRequired
            />
            <div className="grid grid-cols-2 gap-4">
              <TextField
                label={t('annotations.day')}
                type="date"
                value={draft.day}
                onValue={(day) => change({ day })}
                error={errorOf('at')}
                isRequired
              />
              <TextField
                label={t('annotations.time')}
                type="time"
                value={draft.time}
                onValue={(time) => change({ time })}
              />
            </div>
          </>
        ),
      }}
      nameOf={({ text }) => text}
      detail={({ at }) => `${formatDay(at.slice(0, 10))} ${at.slice(11, 16)}`}
    />
  )
}
