import Type, { type Static } from 'typebox'
import { everySite, keyScopes } from './access.ts'
import { name, nullable, SiteId, text } from './text.ts'

/** What a person may do, the most first: each may what those after it may. */
export const roles = ['owner', 'admin', 'editor', 'viewer'] as const
export type Role = (typeof roles)[number]
const Role = Type.Enum([...roles], {
  description:
    'viewer: look; editor: set up goals, ideas, links and the like; admin: people, keys and settings; owner: everything, of all sites alone',
})

/** What `:site` of these routes takes: a site's id, or '*' for all of them, those to come as well. */
export const RoleSite = Type.Union([SiteId, Type.Literal(everySite)])

const moment = Type.String({ format: 'date-time' })
export const shortestPassword = 10
const Password = Type.String({ minLength: shortestPassword, maxLength: 128 })
const Email = Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 254, description: 'an e-mail address' })
const PersonName = name(100, 'how others see who it is')

/** Somebody who has a role. */
export const Person = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: Role,
  site: Type.String({ description: "the site that the role is of; '*' is all of them" }),
  has_second_factor: Type.Boolean(),
  created_at: moment,
})
export type Person = Static<typeof Person>
/** `GET /api/sites/:site/people`: who may see the site; of '*', everybody with every role of theirs. */
export const PeopleAnswer = Type.Object({ people: Type.Array(Person) })
export type PeopleAnswer = Static<typeof PeopleAnswer>

/** The body of `PUT /api/sites/:site/people/:id`. */
export const NewRole = Type.Object({ role: Role }, { additionalProperties: false })
export type NewRole = Static<typeof NewRole>

/** What somebody who was a site's admin is once it is another's. */
export const rolesKept = ['editor', 'viewer'] as const
export type RoleKept = (typeof rolesKept)[number]
/** The body of `POST /api/sites/:site/people/:id/transfer`: a site goes to somebody who has a role in it. */
export const Transfer = Type.Object(
  {
    name: Type.String({ description: 'the id of the site, or what people call it, typed' }),
    keeps: Type.Optional(
      Type.Enum([...rolesKept], { description: 'what those are from then on who were its admins; viewer otherwise' }),
    ),
  },
  { additionalProperties: false },
)
export type Transfer = Static<typeof Transfer>
export const Transferred = Type.Object({
  before: Type.Array(Type.String(), { description: 'the e-mail addresses of those who were its admins' }),
  keys: Type.Integer({ description: 'how many keys of the site alone go on working' }),
})
export type Transferred = Static<typeof Transferred>

/** The body of `POST /api/sites/:site/invitations`. */
export const NewInvitation = Type.Object({ email: Email, role: Role }, { additionalProperties: false })
export type NewInvitation = Static<typeof NewInvitation>
export const Invitation = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: Role,
  site: Type.String(),
  invited_by: Type.String(),
  created_at: moment,
  expires_at: moment,
})
export type Invitation = Static<typeof Invitation>
/** What `POST /api/sites/:site/invitations` answers. */
export const MadeInvitation = Type.Object({
  ...Invitation.properties,
  path: nullable(Type.String(), 'where whoever is invited begins; null where a mail has told them alone'),
  is_mailed: Type.Boolean({ description: 'whether it went out by mail, too' }),
})
export type MadeInvitation = Static<typeof MadeInvitation>
export const InvitationsAnswer = Type.Object({ invitations: Type.Array(Invitation) })
export type InvitationsAnswer = Static<typeof InvitationsAnswer>

/** `GET /api/invitations/:token`: what whoever holds an invitation is told. */
export const OpenInvitation = Type.Object({
  email: Type.String(),
  role: Role,
  site: Type.String(),
  invited_by: Type.String(),
  has_account: Type.Boolean({ description: 'there is an account of that address: its holder signs in to accept' }),
})
export type OpenInvitation = Static<typeof OpenInvitation>
/** The body of `POST /api/invitations/:token`: of who has no account yet. Signed in, an empty object accepts. */
export const AcceptInvitation = Type.Object(
  { name: Type.Optional(PersonName), password: Type.Optional(Password) },
  { additionalProperties: false },
)
export type AcceptInvitation = Static<typeof AcceptInvitation>

/** The body of `POST /api/setup`: the first person, who owns all. */
export const NewOwner = Type.Object(
  {
    name: PersonName,
    email: Email,
    password: Password,
    code: Type.Optional(
      text(100, 'from the terminal that the server was started in, where it is not on the same machine'),
    ),
  },
  { additionalProperties: false },
)
export type NewOwner = Static<typeof NewOwner>

/** `GET /api/me`: who asks, and how they could be let in. */
export const Me = Type.Object({
  as: Type.Enum(['person', 'key', 'machine', 'nobody'], {
    description: 'machine: whoever is on this machine, as long as nobody owns it',
  }),
  person: nullable(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      email: Type.String(),
      has_second_factor: Type.Boolean(),
      has_password: Type.Boolean(),
    }),
  ),
  may: Type.Record(Type.String(), Type.Array(Type.Enum([...keyScopes])), {
    description: "what of which site; '*' is all of them",
  }),
  is_owner: Type.Boolean({ description: 'whether they may give and take the role of owner' }),
  has_owner: Type.Boolean(),
  needs_code: Type.Boolean({ description: 'whether POST /api/setup wants the code of the terminal' }),
  single_sign_on: nullable(Type.String(), 'what the way in by OpenID Connect is called'),
  sends_mail: Type.Boolean({ description: 'whether a new password can be asked for by mail' }),
})
export type Me = Static<typeof Me>
