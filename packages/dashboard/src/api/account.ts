import type {
  AcceptInvitation,
  AuditAnswer,
  InvitationsAnswer,
  KeysAnswer,
  MadeInvitation,
  MadeKey,
  Me,
  NewInvitation,
  NewKey,
  NewOwner,
  OpenInvitation,
  PeopleAnswer,
  Role,
  Transfer,
  Transferred,
} from '@clickwatch/contract'
import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, askJson } from './client.ts'

/** Who looks, and how they could be let in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => askJson<Me>('/api/me', { signal }),
  staleTime: 0,
})
export const useMe = (options: { enabled?: boolean } = {}) => useQuery({ ...options, ...meQuery })

const post = <Answer>(path: string, body: object = {}): Promise<Answer> => askJson<Answer>(path, { body })
const change = async (path: string, body: object = {}): Promise<void> => {
  await ask(path, { body })
}

/** Something about the own account, after which it is looked at anew. */
export const useOwnChange = <Body, Answer>(work: (body: Body) => Promise<Answer>) => {
  const client = useQueryClient()
  return useMutation({ mutationFn: work, onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }) })
}

export const signIn = (body: { email: string; password: string }) =>
  post<{ twoFactorRedirect?: boolean }>('/api/auth/sign-in/email', body)
export const signOut = () => change('/api/auth/sign-out')
/** Digits of the app, or a recovery code. */
export const proveSecondFactor = (code: string) =>
  change(/^\d{6}$/.test(code) ? '/api/auth/two-factor/verify-totp' : '/api/auth/two-factor/verify-backup-code', {
    code,
  })
/** Leads to the identity provider, which leads back. */
export const signInElsewhere = async (): Promise<void> => {
  const { url } = await post<{ url: string }>('/api/auth/sign-in/social', {
    provider: 'oidc',
    callbackURL: '/',
    errorCallbackURL: '/',
  })
  location.assign(url)
}
export const askForReset = (email: string) => change('/api/auth/request-password-reset', { email })
export const resetPassword = (body: { token: string; newPassword: string }) => change('/api/auth/reset-password', body)
export const setUp = (body: NewOwner) => change('/api/setup', body)

export const useInvitation = (token: string) =>
  useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => askJson<OpenInvitation>(`/api/invitations/${encodeURIComponent(token)}`, { signal }),
    enabled: token !== '',
  })
export const acceptInvitation = ({ token, ...body }: AcceptInvitation & { token: string }) =>
  change(`/api/invitations/${encodeURIComponent(token)}`, body)

export const rename = (name: string) => change('/api/auth/update-user', { name })
export const changePassword = (body: { currentPassword: string; newPassword: string }) =>
  change('/api/auth/change-password', { ...body, revokeOtherSessions: true })
export const beginSecondFactor = (password: string) =>
  post<{ totpURI: string; backupCodes: string[] }>('/api/auth/two-factor/enable', { password })
export const endSecondFactor = (password: string) => change('/api/auth/two-factor/disable', { password })

export type Passkey = { id: string; name?: string | null; createdAt: string }
export const usePasskeys = () =>
  useQuery({
    queryKey: ['me', 'passkeys'],
    queryFn: ({ signal }) => askJson<Passkey[]>('/api/auth/passkey/list-user-passkeys', { signal }),
  })
// What talks to the browser's authenticators is loaded where somebody wants to.
export const addPasskey = async (name: string): Promise<void> => {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const optionsJSON = await askJson<Parameters<typeof startRegistration>[0]['optionsJSON']>(
    '/api/auth/passkey/generate-register-options',
  )
  await change('/api/auth/passkey/verify-registration', { response: await startRegistration({ optionsJSON }), name })
}
export const removePasskey = (id: string) => change('/api/auth/passkey/delete-passkey', { id })
export const signInByPasskey = async (): Promise<void> => {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = await askJson<Parameters<typeof startAuthentication>[0]['optionsJSON']>(
    '/api/auth/passkey/generate-authenticate-options',
  )
  await change('/api/auth/passkey/verify-authentication', { response: await startAuthentication({ optionsJSON }) })
}

export type Session = { id: string; token: string; userAgent?: string | null; createdAt: string; updatedAt: string }
export const useSessions = () =>
  useQuery({
    queryKey: ['me', 'sessions'],
    queryFn: ({ signal }) => askJson<Session[]>('/api/auth/list-sessions', { signal }),
  })
export const endSession = (token: string) => change('/api/auth/revoke-session', { token })
export const endOtherSessions = () => change('/api/auth/revoke-other-sessions')

const ofSite = (site: string): string => `/api/sites/${encodeURIComponent(site)}`
/** Something about who may what, after which all of it is looked at anew. */
export const usePeopleChange = <Body, Answer>(work: (body: Body) => Promise<Answer>) => {
  const client = useQueryClient()
  return useMutation({ mutationFn: work, onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }) })
}
export const usePeople = (site: string) =>
  useQuery({
    queryKey: ['people', site],
    queryFn: ({ signal }) => askJson<PeopleAnswer>(`${ofSite(site)}/people`, { signal }),
  })
export const useInvitations = (site: string) =>
  useQuery({
    queryKey: ['people', site, 'invitations'],
    queryFn: ({ signal }) => askJson<InvitationsAnswer>(`${ofSite(site)}/invitations`, { signal }),
  })
export const invite = ({ site, ...body }: NewInvitation & { site: string }) =>
  post<MadeInvitation>(`${ofSite(site)}/invitations`, body)
export const uninvite = async ({ site, id }: { site: string; id: string }): Promise<void> => {
  await ask(`${ofSite(site)}/invitations/${id}`, { method: 'DELETE' })
}
export const giveRole = async ({ site, id, role }: { site: string; id: string; role: Role }): Promise<void> => {
  await ask(`${ofSite(site)}/people/${id}`, { method: 'PUT', body: { role } })
}
export const takeRole = async ({ site, id }: { site: string; id: string }): Promise<void> => {
  await ask(`${ofSite(site)}/people/${id}`, { method: 'DELETE' })
}

/** Hands a site over; what whoever looks may do may be less from then on. */
export const useTransfer = (site: string) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ to, ...body }: Transfer & { to: string }) =>
      post<Transferred>(`${ofSite(site)}/people/${to}/transfer`, body),
    onSuccess: () => client.invalidateQueries(),
  })
}

export const useKeys = () =>
  useQuery({ queryKey: ['people', 'keys'], queryFn: ({ signal }) => askJson<KeysAnswer>('/api/keys', { signal }) })
export const makeKey = (body: NewKey) => post<MadeKey>('/api/keys', body)
export const takeKeyBack = async (id: string): Promise<void> => {
  await ask(`/api/keys/${id}`, { method: 'DELETE' })
}

/** What was changed by whom, the newest first. */
export const useAudit = () =>
  useInfiniteQuery({
    queryKey: ['people', 'audit'],
    queryFn: ({ pageParam, signal }) =>
      askJson<AuditAnswer>(`/api/audit${pageParam && `?before=${encodeURIComponent(pageParam)}`}`, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ before }) => before,
  })
