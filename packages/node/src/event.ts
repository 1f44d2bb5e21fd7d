/** Something that a server knows of a visitor; the fields are those of `POST /v1/events` (docs/api.md). */
export type Event = {
  /** Of a custom event; give it, or another `type`. */
  name?: string
  type?:
    | 'page_view'
    | 'click'
    | 'rage_click'
    | 'cta_seen'
    | 'hover'
    | 'scroll'
    | 'submit'
    | 'form_abandon'
    | 'engagement'
    | 'custom'
  /** The browser's id of the visitor; one of this, `user_id` and `address` is needed. */
  visitor_id?: string
  session_id?: string
  /** The site's own id of who is signed in; only a hash of it is kept. */
  user_id?: string
  /** IP address of the visitor: used to find the country and never stored. */
  address?: string
  user_agent?: string
  /** Milliseconds since 1970, or ISO 8601; now when left out. */
  time?: number | string
  url?: string
  title?: string
  referrer?: string
  language?: string
  screen?: string
  /** At most 30, of texts up to 500 characters, numbers and booleans. */
  props?: Record<string, string | number | boolean>
  /** `currency` is ISO 4217, for example EUR; a refund is negative. */
  revenue?: { amount: number; currency: string }
  /** false for what happens without the visitor: it does not end a bounce. */
  interactive?: boolean
  /** Unique; made when left out. */
  id?: string
}
