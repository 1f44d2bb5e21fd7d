import { createTransport } from 'nodemailer'
import { ClickWatchError, messageOf } from '../errors.ts'
import { htmlOf, type Message } from './message.ts'

/** Sends a message to some addresses. @throws {ClickWatchError} 409 mail_not_set_up, 502 not_delivered */
export type SendMail = (to: readonly string[], message: Message) => Promise<void>

const timeoutMs = 20_000

const transportOf = (smtpUrl: string) =>
  createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A message never names a file or an address to put into itself.
    disableFileAccess: true,
    disableUrlAccess: true,
  })

/** Resolves when the server takes the account of an address; nothing is sent. @throws what it said */
export const mailServerAnswers = async (smtpUrl: string): Promise<void> => {
  const transport = transportOf(smtpUrl)
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

/**
 * Mail by way of an SMTP server.
 * @param smtpUrl such as smtps://user:password@mail.example:465; undefined is that the operator set none up
 * @param from whom it is from, such as 'ClickWatch <clickwatch@shop.example>'
 */
export const mailBy = (smtpUrl: string | undefined, from: string): SendMail => {
  if (smtpUrl === undefined) {
    return async () => {
      const sentence = 'This server sends no mail yet. Start it with CLICKWATCH_SMTP_URL, or use a webhook.'
      throw new ClickWatchError('mail_not_set_up', 409, sentence)
    }
  }
  const transport = transportOf(smtpUrl)
  return async (to, message) => {
    try {
      await transport.sendMail({
        from,
        to: to.map((address) => ({ name: '', address })),
        subject: message.subject,
        text: message.lines.join('\n'),
        html: htmlOf(message),
      })
    } catch (cause) {
      throw new ClickWatchError('not_delivered', 502, `The mail server did not take it: ${messageOf(cause)}`, { cause })
    }
  }
}
