import { everySite, type Me, type Person, type Role, roles } from '@clickwatch/contract'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { giveRole, takeRole, uninvite, useInvitations, usePeople, usePeopleChange } from '../../api/account.ts'
import { rightsIn } from '../../api/rights.ts'
import { field } from '../../components/controls.ts'
import { Failure, Skeleton } from '../../components/states.tsx'
import { formatMoment } from '../../format.ts'
import { SelectField, secondary } from '../settings/fields.tsx'
import { InviteForm } from './invite-form.tsx'
import { Part, Row } from './part.tsx'

/** Nobody changes their own role, one above it, or one in more sites than they manage. */
const mayChange = (me: Me, { id, site, role }: Person): boolean =>
  id !== me.person?.id && rightsIn(me, site).mayManage && (role !== 'owner' || me.is_owner)

const Someone = ({ person, me }: { person: Person; me: Me }) => {
  const t = useTranslations('account')
  const giving = usePeopleChange(giveRole)
  const taking = usePeopleChange(takeRole)
  const { id, name, email, role, site, has_second_factor } = person
  const error = giving.error ?? taking.error
  const choices = site === everySite && me.is_owner ? roles : roles.filter((each) => each !== 'owner')
  return (
    <Row
      name={name}
      actions={
        !mayChange(me, person) ? (
          <span className="text-soft">{t(`roles.${role}`)}</span>
        ) : (
          <>
            <select
              aria-label={t('people.roleOf', { name })}
              value={role}
              disabled={giving.isPending}
              onChange={(event) => giving.mutate({ site, id, role: event.target.value as Role })}
              className={field}
            >
              {choices.map((each) => (
                <option key={each} value={each}>
                  {t(`roles.${each}`)}
                </option>
              ))}
            </select>
            <button
              type="button"
              aria-label={t('people.takeNamed', { name })}
              disabled={taking.isPending}
              onClick={() => taking.mutate({ site, id })}
              className={secondary}
            >
              {t('remove')}
            </button>
          </>
        )
      }
    >
      {[email, site === everySite ? t('allSites') : site, has_second_factor ? t('people.second') : '']
        .filter(Boolean)
        .join(' · ')}
      {error && (
        <p role="alert" className="text-bad">
          {error.message}
        </p>
      )}
    </Row>
  )
}

const Invited = ({ site }: { site: string }) => {
  const t = useTranslations('account')
  const { data } = useInvitations(site)
  const taking = usePeopleChange(uninvite)
  if (!data || data.invitations.length === 0) return null
  return (
    <Part title={t('people.invited')}>
      <ul>
        {data.invitations.map((invitation) => (
          <Row
            key={invitation.id}
            name={invitation.email}
            actions={
              <button
                type="button"
                aria-label={t('people.uninviteNamed', { email: invitation.email })}
                disabled={taking.isPending}
                onClick={() => taking.mutate({ site: invitation.site, id: invitation.id })}
                className={secondary}
              >
                {t('people.uninvite')}
              </button>
            }
          >
            {[
              t(`roles.${invitation.role}`),
              invitation.site === everySite ? t('allSites') : invitation.site,
              t('people.until', { date: formatMoment(invitation.expires_at) }),
            ].join(' · ')}
          </Row>
        ))}
      </ul>
    </Part>
  )
}

/** Who may look at a site, or at all of them; who is invited; and who is to be. */
export const PeopleTab = ({ me, site }: { me: Me; site: string }) => {
  const t = useTranslations('account')
  const ofAll = me.may[everySite]?.includes('admin') === true
  const own = Object.keys(me.may).filter((each) => each !== everySite && me.may[each]?.includes('admin'))
  const choices = ofAll ? [everySite, site] : own
  const [chosen, setChosen] = useState(ofAll ? everySite : own.includes(site) ? site : (own[0] ?? site))
  const { data, error, refetch } = usePeople(chosen)
  const nameOf = (each: string) => (each === everySite ? t('allSites') : each)
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <p className="text-soft">{t('people.about', { site: nameOf(chosen) })}</p>
        <SelectField
          label={t('people.which')}
          value={chosen}
          onValue={setChosen}
          options={choices.map((value) => ({ value, name: nameOf(value) }))}
        />
      </div>
      <Part title={t('tabs.people')}>
        {data ? (
          data.people.length === 0 ? (
            <p className="text-soft">{t('people.empty')}</p>
          ) : (
            <ul>
              {data.people.map((person) => (
                <Someone key={`${person.id} ${person.site}`} person={person} me={me} />
              ))}
            </ul>
          )
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={3} label={t('loading')} />
        )}
      </Part>
      <Invited site={chosen} />
      <InviteForm key={chosen} site={chosen} isByOwner={me.is_owner} />
    </div>
  )
}
