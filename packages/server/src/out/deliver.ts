import type { Target } from '@clickwatch/contract'
import type { SendMail } from './mail.ts'
import { jsonBodyOf, type Message, slackBodyOf } from './message.ts'
import type { PostWebhook } from './webhook.ts'

/** Sends a message where it is to go. @throws {ClickWatchError} saying why it was not delivered */
export type Deliver = (target: Target, message: Message) => Promise<void>

export const deliverBy =
  (sendMail: SendMail, postWebhook: PostWebhook): Deliver =>
  async (target, message) => {
    if (target.type === 'email') await sendMail(target.to, message)
    else await postWebhook(target.url, target.format === 'slack' ? slackBodyOf(message) : jsonBodyOf(message))
  }
