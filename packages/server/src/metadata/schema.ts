/** A thing that a site has under an id: what it is stands in `body`, as JSON of its contract. Times are ISO 8601, UTC. */
export type Kept = { id: string; site: string; name: string; body: string; created_at: string }
/** The same, with what the server notes of it by itself, as JSON. */
export type Noted = Kept & { state: string }

/** The tables of the metadata, the same in SQLite and PostgreSQL. */
export type Tables = {
  /** How analysts want a site shown. */
  site_views: { site: string; body: string }
  goals: Kept
  segments: Kept
  annotations: Kept
  funnels: Kept
  /** Keys by their purpose, as hexadecimal. */
  secrets: { name: string; value: string }
  /** `password_hash` as `passwords.ts` makes one; null where none is asked for. */
  links: Noted & { token: string; password_hash: string | null }
  reports: Noted
  alerts: Noted
}
