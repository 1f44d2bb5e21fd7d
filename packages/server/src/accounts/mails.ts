import type { Invitation } from '@clickwatch/contract'
import { everySite } from '@clickwatch/contract'
import type { SendMail } from '../out/mail.ts'

/** For how long another password can be chosen once it was asked for. */
export const resetHours = 2

// After the #, which no server and no log is told.
export const resetPath = (token: string): string => `/reset-password#${token}`
export const invitationPath = (token: string): string => `/invitation#${token}`

/** Sends the way to another password. @param url where browsers reach the server */
export const mailedReset =
  (mail: SendMail, url: string) =>
  ({ email, name }: { email: string; name: string }, token: string): Promise<void> =>
    mail([email], {
      subject: 'Another password for ClickWatch',
      lines: [
        `Hello ${name},`,
        'somebody asked for another password for your account. If it was you, choose one here:',
        url + resetPath(token),
        `The address works once, for ${resetHours} hours. If it was not you, nothing has changed, and there is nothing to do.`,
      ],
      facts: {},
    })

/** Sends an invitation. @param url where browsers reach the server */
export const mailInvitation = (mail: SendMail, url: string, invitation: Invitation, token: string): Promise<void> => {
  const where = invitation.site === everySite ? 'ClickWatch' : `${invitation.site} on ClickWatch`
  return mail([invitation.email], {
    subject: `${invitation.invited_by} invites you to ${where}`,
    lines: [
      `${invitation.invited_by} invites you to look at ${where}, as ${invitation.role}.`,
      'Begin here:',
      url + invitationPath(token),
      `The address works until ${invitation.expires_at.slice(0, 10)}.`,
    ],
    facts: {},
  })
}
