import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useEnd, useSiteView } from '../../api/kept.ts'
import { useRights } from '../../api/rights.ts'
import { Card } from '../../components/card.tsx'
import { danger, errorsOf, TextField } from './fields.tsx'
import { HandingOver } from './handing-over.tsx'

/** One of the ways in which everything of a site goes, once its name is typed. */
const Ending = ({ site, how, onDone }: { site: string; how: 'reset' | 'remove'; onDone?: () => void }) => {
  const t = useTranslations('settings')
  const [name, setName] = useState('')
  const ending = useEnd(site, how)
  const { data: view } = useSiteView(site)
  const isConfirmed = name !== '' && (name === site || name === view?.name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ending.mutate(name, {
      onSuccess: () => {
        setName('')
        onDone?.()
      },
    })
  }
  return (
    <form onSubmit={submit} aria-label={t(`ending.${how}`)} className="group/form space-y-3 border-t border-line pt-4">
      <h3 className="font-semibold">{t(`ending.${how}`)}</h3>
      <p className="text-soft">{t(`ending.${how}About`)}</p>
      <div className="max-w-sm">
        <TextField
          label={t('ending.name', { site })}
          value={name}
          onValue={setName}
          error={errorsOf(ending.error)('name')}
          isRequired
        />
      </div>
      {ending.error && (
        <p role="alert" className="text-bad group-has-[[data-field-error]]/form:hidden">
          {ending.error.message}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" disabled={ending.isPending || !isConfirmed} className={danger}>
          {ending.isPending ? t('ending.going') : t(`ending.${how}`)}
        </button>
        <span role="status">{ending.data?.sentence}</span>
      </div>
    </form>
  )
}

/** Emptying a site, and removing it. */
export const EndingPart = ({ site }: { site: string }) => {
  const t = useTranslations('settings')
  const navigate = useNavigate()
  const { mayManageAll } = useRights(site)
  return (
    <Card label={t('ending.title')} className="space-y-4 p-5">
      <h2 className="text-base font-bold text-bad">{t('ending.title')}</h2>
      <HandingOver key={`transfer ${site}`} site={site} />
      <Ending key={`reset ${site}`} site={site} how="reset" />
      {mayManageAll && (
        <Ending key={`remove ${site}`} site={site} how="remove" onDone={() => void navigate({ to: '/' })} />
      )}
    </Card>
  )
}
