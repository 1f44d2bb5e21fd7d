import { type RoleKept, rolesKept } from '@clickwatch/contract'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useMe, usePeople, useTransfer } from '../../api/account.ts'
import { useSiteView } from '../../api/kept.ts'
import { danger, errorsOf, SelectField, TextField } from './fields.tsx'

/** A site goes to somebody else, once its name is typed. */
export const HandingOver = ({ site }: { site: string }) => {
  const t = useTranslations('settings')
  const roleNames = useTranslations('account.roles')
  const { data: me } = useMe()
  const { data } = usePeople(site)
  const { data: view } = useSiteView(site)
  const transfer = useTransfer(site)
  const [to, setTo] = useState('')
  const [keeps, setKeeps] = useState<RoleKept>('viewer')
  const [name, setName] = useState('')
  const people = data?.people ?? []
  const isAdmin = (id: string): boolean =>
    people.some((each) => each.id === id && each.site === site && each.role === 'admin')
  const admins = people.filter((each) => isAdmin(each.id))
  // To whom it is already, and nobody else's, there is nothing to hand over.
  const others = people.filter(
    (person, index) =>
      people.findIndex(({ id }) => id === person.id) === index &&
      person.id !== me?.person?.id &&
      !(isAdmin(person.id) && admins.length === 1),
  )
  const isConfirmed = name !== '' && (name === site || name === view?.name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    transfer.mutate({ to, keeps, name }, { onSuccess: () => setName('') })
  }
  return (
    <form
      onSubmit={submit}
      aria-label={t('handingOver.title')}
      className="group/form space-y-3 border-t border-line pt-4"
    >
      <h3 className="font-semibold">{t('handingOver.title')}</h3>
      <p className="text-soft">{t('handingOver.about')}</p>
      {others.length === 0 && !transfer.data ? (
        <p>
          {t('handingOver.nobody')}{' '}
          <Link
            to="/account"
            search={{ ...(site === 'default' ? {} : { site }), tab: 'people' }}
            className="font-medium text-accent underline"
          >
            {t('handingOver.invite')}
          </Link>
        </p>
      ) : (
        <>
          <div className="grid gap-4 sm:grid-cols-3">
            <SelectField
              label={t('handingOver.to')}
              hint={t('handingOver.toHint')}
              value={to}
              onValue={(next) => {
                transfer.reset()
                setTo(next)
              }}
              options={[
                { value: '', name: t('handingOver.choose') },
                ...others.map(({ id, name, email }) => ({ value: id, name: `${name} (${email})` })),
              ]}
            />
            <SelectField
              label={t('handingOver.keeps')}
              value={keeps}
              onValue={setKeeps}
              options={rolesKept.map((value) => ({ value, name: roleNames(value) }))}
            />
            <TextField
              label={t('ending.name', { site })}
              value={name}
              onValue={setName}
              error={errorsOf(transfer.error)('name')}
              isRequired
            />
          </div>
          {transfer.error && (
            <p role="alert" className="text-bad group-has-[[data-field-error]]/form:hidden">
              {transfer.error.message}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <button type="submit" disabled={transfer.isPending || !isConfirmed || to === ''} className={danger}>
              {t('handingOver.title')}
            </button>
            <span role="status">
              {transfer.isSuccess && t('handingOver.done', { name: people.find(({ id }) => id === to)?.name ?? '' })}
            </span>
          </div>
        </>
      )}
    </form>
  )
}
