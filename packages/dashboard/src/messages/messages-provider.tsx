import type { ReactNode } from 'react'
import { IntlProvider } from 'use-intl'
import type { Catalogue, Messages } from './catalogue.ts'

declare module 'use-intl' {
  interface AppConfig {
    Messages: Messages
  }
}

/**
 * Gives every screen its words. Numbers inside messages are written as in the language. Keys and placeholders are checked
 * against the English catalogue; a translation has the same ones.
 */
export const MessagesProvider = (props: { language: string; messages: Catalogue; children: ReactNode }) => (
  <IntlProvider locale={props.language} messages={props.messages as Messages} timeZone="UTC">
    {props.children}
  </IntlProvider>
)
