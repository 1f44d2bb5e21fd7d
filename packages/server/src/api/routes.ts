import type { KeyScope } from '@clickwatch/contract'

/** Who may call a route, beside the holder of the full key and whoever owns the installation, who may call every one. */
export type Granted = {
  /** What a key has to have among its scopes, or a role lets a person do (accounts/roles.ts). */
  scope: KeyScope
  /**
   * `site`: it is about one site, and a key or a role of that site will do. `all`: it is about the whole installation, and takes one of
   * all sites. `own`: any; what it answers is narrowed to the sites of the key or the roles.
   */
  of: 'site' | 'all' | 'own'
  /** What is noted when it is done, of what changes something. */
  change?: string
  /** Who has a link may call it as well: one to a dashboard, or one to an idea (link.ts). */
  links?: readonly ('dashboard' | 'idea')[]
  /** Whoever else it is, only the command line of the server may. */
  isOperators?: true
}

/** A route that asks for no role: for everybody, or for whoever is signed in, about their own account. */
export type Open = { open: 'everybody' | 'signed-in'; change?: string }

export type Access = Granted | Open
export const isGranted = (access: Access): access is Granted => 'scope' in access

const asks = (...links: ('dashboard' | 'idea')[]): Granted => ({
  scope: 'read',
  of: 'site',
  ...(links.length > 0 ? { links } : {}),
})
const changes = (change: string): Granted => ({ scope: 'write', of: 'site', change })

const open = (change?: string): Open => ({ open: 'everybody', ...(change ? { change } : {}) })
const own = (change?: string): Open => ({ open: 'signed-in', ...(change ? { change } : {}) })
const manages = (change?: string): Granted => ({ scope: 'admin', of: 'site', ...(change ? { change } : {}) })

/** What better-auth answers of all that it could, below `/api/auth` (https://www.better-auth.com/docs). */
const account: Record<string, Open> = {
  'POST sign-in/email': open(),
  'POST sign-in/social': open(),
  'GET callback/:id': open(),
  'POST sign-out': open(),
  'POST request-password-reset': open(),
  'POST reset-password': open('set another password by a link'),
  'POST two-factor/verify-totp': open(),
  'POST two-factor/verify-backup-code': open(),
  'GET passkey/generate-authenticate-options': open(),
  'POST passkey/verify-authentication': open(),
  'POST update-user': own('changed their name'),
  'POST change-password': own('changed their password'),
  'GET list-sessions': own(),
  'POST revoke-session': own('ended a session'),
  'POST revoke-other-sessions': own('ended all other sessions'),
  'POST two-factor/enable': own(),
  'POST two-factor/disable': own('gave up their second factor'),
  'POST two-factor/generate-backup-codes': own('made recovery codes anew'),
  'GET passkey/generate-register-options': own(),
  'POST passkey/verify-registration': own('added a passkey'),
  'GET passkey/list-user-passkeys': own(),
  'POST passkey/delete-passkey': own('removed a passkey'),
}

/** The routes of what people keep of a site under an id. */
const kept = (path: string, noun: string, ...links: 'dashboard'[]): Record<string, Access> => ({
  [`GET /api/sites/:site/${path}`]: asks(...links),
  [`POST /api/sites/:site/${path}`]: changes(`added ${noun}`),
  [`PUT /api/sites/:site/${path}/:id`]: changes(`changed ${noun}`),
  [`DELETE /api/sites/:site/${path}/:id`]: changes(`removed ${noun}`),
})

/** What the command line has a running server do. */
export const operations = [
  'verify',
  'rebuild',
  'spread',
  'replay-dead-letters',
  'erase',
  'list-imports',
  'undo-import',
  'export-visitor',
  'backup',
  'lake-status',
  'lake-catch-up',
  'lake-compact',
  'lake-vacuum',
  'lake-rebuild',
] as const

/**
 * Every route behind the guard, by method and path; the guard refuses to start with one that is not here. docs/security.md has the same as
 * a table (`npm run docs:routes`), and a test tries each as everybody.
 */
export const routes: Readonly<Record<string, Access>> = {
  'GET /api/me': open(),
  'POST /api/setup': open('made the first account'),
  'GET /api/invitations/:token': open(),
  'POST /api/invitations/:token': open('accepted an invitation'),
  'POST /api/share/:token': open(),
  ...Object.fromEntries(Object.entries(account).map(([route, access]) => [route.replace(' ', ' /api/auth/'), access])),

  'GET /api/sites/:site/people': manages(),
  'PUT /api/sites/:site/people/:id': manages('gave somebody a role'),
  'DELETE /api/sites/:site/people/:id': manages('took a role away'),
  'POST /api/sites/:site/people/:id/transfer': manages('handed a site over'),
  'GET /api/sites/:site/invitations': manages(),
  'POST /api/sites/:site/invitations': manages('invited somebody'),
  'DELETE /api/sites/:site/invitations/:id': manages('took an invitation back'),

  'GET /api/sites': { scope: 'read', of: 'own', links: ['dashboard'] },
  'GET /api/now': asks(),
  'GET /api/live': asks('dashboard'),
  'POST /api/v2/query': asks('dashboard'),
  'POST /api/v2/export': asks('dashboard'),
  'POST /api/v2/funnel': asks('dashboard'),
  'POST /api/v2/funnel/dropped': asks(),
  'POST /api/v2/journeys': asks('dashboard'),
  'POST /api/v2/retention': asks('dashboard'),
  'POST /api/v2/elements': asks('dashboard'),
  'POST /api/v2/heatmap': asks('dashboard'),
  'POST /api/v2/forms': asks('dashboard'),
  'POST /api/v2/vitals': asks('dashboard'),
  'POST /api/v2/properties': asks('dashboard'),
  'POST /api/v2/sessions': asks(),
  'GET /api/v2/sessions/:session': asks(),
  'GET /api/v2/visitors/:visitor': asks(),
  'GET /api/report': asks(),
  'GET /api/tables/:table': asks(),
  'GET /api/ledger': asks(),
  'GET /api/export/events': asks(),
  'GET /api/export/sessions': asks(),
  'GET /api/sql/tables': { scope: 'read', of: 'own' },
  'POST /api/sql': asks(),
  'POST /mcp': { scope: 'read', of: 'own' },
  'GET /mcp': { scope: 'read', of: 'own' },
  'DELETE /mcp': { scope: 'read', of: 'own' },

  'POST /api/sites': { scope: 'admin', of: 'all', change: 'added a site' },
  'DELETE /api/sites/:site': { scope: 'admin', of: 'all', change: 'removed a site' },
  'POST /api/sites/:site/reset': manages('erased everything stored of a site'),
  'GET /api/sites/:site/settings': manages(),
  'PATCH /api/sites/:site/settings': manages('changed what is taken in of a site'),
  'GET /api/sites/:site': asks('dashboard', 'idea'),
  'PATCH /api/sites/:site': changes('changed how the site is shown'),
  ...kept('goals', 'a goal', 'dashboard'),
  ...kept('segments', 'a segment', 'dashboard'),
  ...kept('annotations', 'an annotation', 'dashboard'),
  ...kept('funnels', 'a funnel', 'dashboard'),
  ...kept('links', 'a link'),
  ...kept('reports', 'a report'),
  'POST /api/sites/:site/reports/:id/test': changes('sent a report'),
  ...kept('alerts', 'an alert'),
  'POST /api/sites/:site/alerts/:id/test': changes('tried an alert'),

  ...kept('ideas', 'an idea'),
  'GET /api/sites/:site/ideas/:id': asks(),
  'GET /api/sites/:site/ideas/:id/report': asks('idea'),
  'GET /api/sites/:site/ideas/portfolio': asks(),
  'POST /api/sites/:site/ideas/plan': asks(),
  'POST /api/sites/:site/ideas/:id/decisions': changes('decided on an idea'),
  'GET /api/sites/:site/ideas/:id/decisions/:decision': asks(),
  // Addresses that people left: whoever may set an idea up may write to them.
  'GET /api/sites/:site/ideas/:id/interested': { scope: 'write', of: 'site' },
  'DELETE /api/sites/:site/ideas/:id/interested': changes('erased all addresses of an idea'),
  'DELETE /api/sites/:site/ideas/:id/interested/:interested': changes('erased an address of an idea'),

  'GET /api/visitors/export': manages('saved everything known of a visitor'),
  'DELETE /api/visitors': manages('erased a visitor'),
  'GET /api/audit': { scope: 'admin', of: 'own' },
  'GET /api/keys': { scope: 'admin', of: 'all' },
  'POST /api/keys': { scope: 'admin', of: 'all', change: 'made a key' },
  'DELETE /api/keys/:id': { scope: 'admin', of: 'all', change: 'took a key back' },
  'GET /api/admin/dead-letters': { scope: 'admin', of: 'all' },
  'GET /api/admin/lake': { scope: 'admin', of: 'all' },
  ...Object.fromEntries(
    operations.map((name) => [
      `POST /api/admin/${name}`,
      { scope: 'admin', of: 'all', isOperators: true } satisfies Access,
    ]),
  ),
}

/** A route as the table has it; `HEAD`, which Fastify adds beside each `GET`, is that `GET`. */
export const accessOf = (method: string, url: string | undefined): Access | undefined =>
  routes[`${method === 'HEAD' ? 'GET' : method} ${url}`]
