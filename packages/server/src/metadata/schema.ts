/** A thing that a site has under an id: what it is stands in `body`, as JSON of its contract. Times are ISO 8601, UTC. */
export type Kept = { id: string; site: string; name: string; body: string; created_at: string }
/** The same, with what the server notes of it by itself, as JSON. */
export type Noted = Kept & { state: string }

/** What belongs to an idea and goes with it. */
export type OfIdea = { id: string; idea: string; at: string; body: string }

/** The tables of the metadata, the same in SQLite and PostgreSQL. */
export type Tables = {
  /** Sites that were added or set up; `body` is what people have set of SiteSettings. */
  sites: { site: string; body: string; created_at: string }
  /** How analysts want a site shown. */
  site_views: { site: string; body: string }
  goals: Kept
  segments: Kept
  annotations: Kept
  funnels: Kept
  /** Keys by their purpose, as hexadecimal. */
  secrets: { name: string; value: string }
  /** `password_hash` as `passwords.ts` makes one; null where none is asked for. `idea` is the idea that it shows; null is the dashboard. */
  links: Noted & { token: string; password_hash: string | null; idea: string | null }
  reports: Noted
  alerts: Noted
  /** `body` is its contract; `locked_at` is when its first visitor came. */
  ideas: Kept & { key: string; locked_at: string | null; counted_from: string }
  idea_revisions: OfIdea
  /** `report` is what was seen when it was decided, as JSON. */
  idea_decisions: OfIdea & { report: string | null }
  /** `hash` is SHA-256 of the key, in hexadecimal; `scopes` is JSON; `expires_at` is a day of UTC. */
  api_keys: {
    id: string
    name: string
    site: string
    scopes: string
    prefix: string
    hash: string
    created_at: string
    expires_at: string | null
    last_used_at: string | null
  }
  /** Changes that people and programs made; `on` is what was changed. */
  audit: { id: string; at: string; who: string; what: string; site: string | null; on: string | null }
  /** Who left an address on an idea's door page: personal data, which stands in `body` here, in `address_key` in lower case, and nowhere else. */
  interested: OfIdea & { address_key: string }
  /** Of better-auth, as all tables of its kind: `twoFactorEnabled` is 1 where it asks for a second factor. */
  auth_users: {
    id: string
    name: string
    email: string
    emailVerified: number
    image: string | null
    twoFactorEnabled: number | null
    createdAt: string
    updatedAt: string
  }
  auth_accounts: { id: string; userId: string; providerId: string; password: string | null }
  auth_sessions: { id: string; userId: string }
  auth_verifications: { id: string; identifier: string }
  auth_second_factors: { id: string; userId: string }
  auth_passkeys: { id: string; userId: string }
  /** What a person may, of a site or of all ('*'). */
  roles: { user_id: string; site: string; role: string; created_at: string }
  /** `hash` is SHA-256 of the token, in hexadecimal. */
  invitations: {
    id: string
    email: string
    site: string
    role: string
    invited_by: string
    hash: string
    is_mailed: number
    created_at: string
    expires_at: string
  }
}
