import { resolve } from 'node:path'
import { keyScopes, roles, rolesKept } from '@clickwatch/contract'
import { type Command, type Given, jsonOption, UsageError } from './command.ts'
import { portOf } from './options.ts'

/** Has the running server, or an engine of its own, do it. */
const operate = async (operation: string, { flags }: Given, argument?: string): Promise<number> =>
  (await import('./operate.ts')).operate(operation, argument, flags.has('json'))

const port = { port: { value: 'PORT', summary: 'where to serve; CLICKWATCH_PORT, or 8080, otherwise' } }
const site = { site: { value: 'SITE', summary: 'the site it is about', isRequired: true } } as const
const visitor = { value: 'ID', summary: "the visitor's own id" }
const siteArgument = { name: 'SITE', summary: 'the id of the site' }
const confirmed = {
  name: {
    value: 'NAME',
    summary: 'the id of the site, or what people call it: everything of it goes',
    isRequired: true,
  },
} as const
const email = { name: 'EMAIL', summary: 'the address of the account' }
const folder = { name: 'DIR', summary: 'the folder of the backup' }

const folderOf = ({ arguments: [text = ''] }: Given): string => resolve(text)

const apart = (role: 'collector' | 'pipeline' | 'api', summary: string): Command => ({
  name: role,
  summary,
  group: 'Run',
  options: port,
  run: async ({ values }) => (await import('./apart.ts')).runApart(role, portOf(values.port)),
})

const lake = (operation: string, summary: string): Command => ({
  name: `lake ${operation}`,
  summary,
  group: 'Look after',
  options: jsonOption,
  run: (given) => operate(`lake-${operation}`, given),
})

/** Every command there is. What one needs is loaded once it is known which one it is. */
export const commands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'collector, engine and dashboard on one port',
    group: 'Run',
    options: port,
    run: async ({ values }) => (await import('./serve.ts')).serve(portOf(values.port)),
  },
  {
    name: 'demo',
    summary: 'the same with made-up visitors, in ./data-demo or where CLICKWATCH_DATA says',
    group: 'Run',
    options: {
      ...port,
      days: { value: 'DAYS', summary: 'how much history to make up, 90 otherwise; 0 is none' },
      sessions: { value: 'COUNT', summary: 'how many visits the history has, 20000 otherwise' },
      rate: { value: 'COUNT', summary: 'visits a minute from then on, 30 otherwise; 0 is none' },
      seed: { value: 'NUMBER', summary: 'the same number makes up the same traffic; 1 otherwise' },
      print: { value: 'COUNT', summary: 'print as many visits as JSON instead, and do nothing else' },
    },
    run: async ({ values }) => (await import('./demo.ts')).demo(values),
  },
  apart('collector', 'takes events in, one of several machines'),
  apart('pipeline', 'stores what was taken in, one of several machines'),
  apart('api', 'answers questions and serves the dashboard, one of several machines'),
  {
    name: 'mcp',
    summary: 'tools for AI assistants over standard input and output, of a ClickWatch that runs',
    group: 'Run',
    options: { url: { value: 'URL', summary: 'where it runs; this machine otherwise' } },
    run: async ({ values }) => (await import('./mcp.ts')).mcp(values.url),
  },
  {
    name: 'doctor',
    summary: 'looks for what is broken here and says how it is mended',
    group: 'Look after',
    options: jsonOption,
    run: async ({ flags }) => (await import('./doctor.ts')).doctor(flags.has('json')),
  },
  {
    name: 'config check',
    summary: 'checks the settings and says where each comes from, without starting anything',
    group: 'Look after',
    options: {
      'env-file': { value: 'FILE', summary: 'settings in a file such as .env, where the environment has none' },
      ...jsonOption,
    },
    run: async ({ values, flags }) =>
      (await import('./config-check.ts')).configCheck(values['env-file'], flags.has('json')),
  },
  {
    name: 'verify',
    summary: 'checks that everything stored adds up, and prints what differs',
    group: 'Look after',
    options: jsonOption,
    run: (given) => operate('verify', given),
  },
  {
    name: 'rebuild',
    summary: 'makes silver and gold anew from bronze, beside what is read',
    group: 'Look after',
    options: { from: { value: 'DATE', summary: 'only of those who came since' }, ...jsonOption },
    run: (given) => operate('rebuild', given, given.values.from ?? ''),
  },
  {
    name: 'replay dead-letters',
    summary: 'processes what was refused and can be understood by now',
    group: 'Look after',
    options: jsonOption,
    run: (given) => operate('replay-dead-letters', given),
  },
  {
    name: 'erase',
    summary: 'removes a site, or one visitor of it, from everything stored',
    group: 'Look after',
    options: { ...site, visitor, ...jsonOption },
    run: (given) => operate('erase', given, JSON.stringify({ site: given.values.site, visitor: given.values.visitor })),
  },
  {
    name: 'spread',
    summary: 'has ClickHouse nodes that were added take their share of what is stored',
    group: 'Look after',
    options: jsonOption,
    run: (given) => operate('spread', given),
  },
  lake('status', 'says how the lake is'),
  lake('catch-up', 'writes to the lake what it has not yet'),
  lake('compact', "joins the lake's small files"),
  lake('vacuum', "removes files that no version of the lake's tables has any more"),
  lake('rebuild', 'writes the lake anew'),
  {
    name: 'backup',
    summary: 'adds to a folder what arrived since the last backup there',
    group: 'Move',
    arguments: [folder],
    options: jsonOption,
    run: (given) => operate('backup', given, folderOf(given)),
  },
  {
    name: 'restore',
    summary: 'puts a backup into a new data folder',
    group: 'Move',
    arguments: [folder],
    run: async (given) => (await import('./restore.ts')).restoreBackup(folderOf(given)),
  },
  {
    name: 'export visitor',
    summary: 'writes everything known of one visitor to a file, as JSON',
    group: 'Move',
    arguments: [{ name: 'FILE', summary: 'the new file' }],
    options: {
      site: { value: 'SITE', summary: "the site it is about, 'default' otherwise" },
      visitor: { ...visitor, isRequired: true },
      ...jsonOption,
    },
    run: (given) => {
      const { site: of = 'default', visitor: who } = given.values
      return operate('export-visitor', given, JSON.stringify({ site: of, visitor: who, path: folderOf(given) }))
    },
  },
  ...(
    [
      ['umami', 'history of Umami: website_event as CSV'],
      ['ga4', 'history of Google Analytics: its export to BigQuery, as JSON by line'],
      ['matomo', 'history of Matomo: Live.getLastVisitsDetails, a visit a line'],
      ['plausible', 'history of Plausible: its export, a zip file'],
      ['access-log', "page views of a web server's log: combined, or CloudFront's"],
    ] as const
  ).map(
    ([format, summary]): Command => ({
      name: `import ${format}`,
      summary: `sends ${summary}, to a ClickWatch that runs`,
      group: 'Move',
      arguments: [
        {
          name: 'FILE',
          summary:
            format === 'plausible'
              ? 'the zip file'
              : 'a file or several, in the order of time; as they are or gzipped (.gz)',
          ...(format === 'plausible' ? {} : { isSeveral: true as const }),
        },
      ],
      options: {
        site: { value: 'SITE', summary: "whose it is, 'default' otherwise" },
        url: { value: 'URL', summary: 'where ClickWatch runs; this machine otherwise' },
        ...(format === 'umami'
          ? {
              'time-zone': {
                value: 'ZONE',
                summary: 'of times that say of none, such as Europe/Berlin; UTC otherwise',
              },
            }
          : {}),
        ...(format === 'access-log' || format === 'plausible'
          ? {
              host: {
                value: 'HOST',
                summary: `whose pages they are, where the ${format === 'plausible' ? 'export' : 'log'} does not say`,
              },
            }
          : {}),
        ...jsonOption,
      },
      run: async ({ arguments: files, values, flags }) =>
        (await import('./import-file.ts')).importFiles(
          format,
          files.map((file) => resolve(file)),
          values,
          flags.has('json'),
        ),
    }),
  ),
  {
    name: 'import list',
    summary: 'lists what was imported, and from when to when it is',
    group: 'Move',
    options: jsonOption,
    run: (given) => operate('list-imports', given),
  },
  {
    name: 'import undo',
    summary: 'takes back all of an import, from everything stored',
    group: 'Move',
    arguments: [{ name: 'ID', summary: 'as import list has it' }],
    options: { site: { value: 'SITE', summary: "whose it is, 'default' otherwise" }, ...jsonOption },
    run: (given) => {
      const [id = ''] = given.arguments
      if (!/^(sums-)?[\da-f]{10}$/.test(id))
        throw new UsageError(
          `ID is '${id}'; ten digits and letters are expected, or sums- and these, as import list has them.`,
        )
      return operate('undo-import', given, JSON.stringify({ site: given.values.site ?? 'default', id }))
    },
  },
  {
    name: 'import lake',
    summary: "fills a new data folder, or a cluster's empty tables, from the lake's bronze table",
    group: 'Move',
    run: async () => (await import('./import.ts')).importLake(),
  },
  {
    name: 'database copy',
    summary: 'takes what people set up from the data folder into CLICKWATCH_DATABASE',
    group: 'Move',
    run: async () => (await import('./database.ts')).copyDatabase(),
  },
  {
    name: 'key list',
    summary: 'lists the keys that may do a part of what CLICKWATCH_API_KEY may',
    group: 'Set up',
    options: jsonOption,
    run: async ({ flags }) => (await import('./key.ts')).listKeys(flags.has('json')),
  },
  {
    name: 'key create',
    summary: 'makes a key, and prints it once',
    group: 'Set up',
    arguments: [{ name: 'NAME', summary: 'what it is for' }],
    options: {
      site: { value: 'SITE', summary: "the site it is for, or '*' for all of them", isRequired: true },
      scopes: { value: 'SCOPES', summary: 'some of read,write,admin; read otherwise', choices: keyScopes },
      expires: { value: 'DATE', summary: 'the last day it is good for; for good otherwise' },
      ...jsonOption,
    },
    run: async ({ arguments: [name = ''], values, flags }) =>
      (await import('./key.ts')).createKey(name, values, flags.has('json')),
  },
  {
    name: 'key revoke',
    summary: 'takes a key back at once',
    group: 'Set up',
    arguments: [{ name: 'ID', summary: 'as key list has it' }],
    run: async ({ arguments: [id = ''] }) => (await import('./key.ts')).revokeKey(id),
  },
  {
    name: 'site list',
    summary: 'lists the sites that were added or set up, and what is set of each',
    group: 'Set up',
    options: jsonOption,
    run: async ({ flags }) => (await import('./site.ts')).listSitesSet(flags.has('json')),
  },
  {
    name: 'site add',
    summary: 'adds a site, and prints the snippet of its pages',
    group: 'Set up',
    arguments: [{ name: 'SITE', summary: "letters, digits, '.', '_' and '-'" }],
    options: {
      name: { value: 'NAME', summary: 'what people call it; the id otherwise' },
      'time-zone': {
        value: 'ZONE',
        summary: "in which its days are cut, such as Europe/Berlin; the server's otherwise",
      },
      domain: { value: 'DOMAIN', summary: 'whose pages alone may send, such as shop.example; everybody otherwise' },
    },
    run: async ({ arguments: [id = ''], values }) => (await import('./site.ts')).addSite(id, values),
  },
  {
    name: 'site show',
    summary: 'says how a site is shown, what is taken in of it, and whether it was set or is from the file',
    group: 'Set up',
    arguments: [siteArgument],
    options: jsonOption,
    run: async ({ arguments: [id = ''], flags }) => (await import('./site.ts')).showSite(id, flags.has('json')),
  },
  {
    name: 'site set',
    summary: 'sets one thing of a site; a server that runs follows within seconds',
    group: 'Set up',
    arguments: [
      siteArgument,
      { name: 'SETTING', summary: 'such as name, timezone, origins, exclude_pages, keep_days' },
      { name: 'VALUE', summary: "a text; lists as 'a,b', days as 'silver=400,bronze=90'" },
    ],
    run: async ({ arguments: [id = '', setting = '', value = ''] }) =>
      (await import('./site-set.ts')).setOfSite(id, setting, value),
  },
  {
    name: 'site unset',
    summary: "has a setting be as the server's file has it",
    group: 'Set up',
    arguments: [siteArgument, { name: 'SETTING', summary: 'as site show has it' }],
    run: async ({ arguments: [id = '', setting = ''] }) => (await import('./site-set.ts')).unsetOfSite(id, setting),
  },
  {
    name: 'site transfer',
    summary: 'hands a site over: whoever is named is its one admin from then on, beside those of all sites',
    group: 'Set up',
    arguments: [siteArgument],
    options: {
      to: { value: 'EMAIL', summary: 'who has a role in the site, or in all', isRequired: true },
      name: { value: 'NAME', summary: 'the id of the site, or what people call it', isRequired: true },
      keeps: {
        value: 'ROLE',
        summary: 'what those are from then on who were its admins: editor or viewer; viewer otherwise',
        choices: rolesKept,
      },
    },
    run: async ({ arguments: [id = ''], values }) => (await import('./site-transfer.ts')).transferSite(id, values),
  },
  {
    name: 'site reset',
    summary: 'erases everything stored of a site, and keeps what was set up of it',
    group: 'Set up',
    arguments: [siteArgument],
    options: { ...confirmed, ...jsonOption },
    run: async ({ arguments: [id = ''], values, flags }) =>
      (await import('./site-end.ts')).resetSite(id, values.name ?? '', flags.has('json')),
  },
  {
    name: 'site delete',
    summary: 'removes a site with everything stored and set up of it',
    group: 'Set up',
    arguments: [siteArgument],
    options: { ...confirmed, ...jsonOption },
    run: async ({ arguments: [id = ''], values, flags }) =>
      (await import('./site-end.ts')).deleteSite(id, values.name ?? '', flags.has('json')),
  },
  {
    name: 'user list',
    summary: 'lists who has an account, and what they may',
    group: 'Set up',
    options: jsonOption,
    run: async ({ flags }) => (await import('./user.ts')).listUsers(flags.has('json')),
  },
  {
    name: 'user add',
    summary: 'gives somebody a role, and an account where they have none; prints where they choose a password',
    group: 'Set up',
    arguments: [email],
    options: {
      name: { value: 'NAME', summary: 'how others see who it is; the address otherwise' },
      role: { value: 'ROLE', summary: 'owner, admin, editor or viewer; viewer otherwise', choices: roles },
      site: { value: 'SITE', summary: 'the site that the role is of; all of them otherwise' },
    },
    run: async ({ arguments: [address = ''], values }) => (await import('./user.ts')).addUser(address, values),
  },
  {
    name: 'user reset',
    summary: 'prints where somebody who lost their password chooses another',
    group: 'Set up',
    arguments: [email],
    options: { 'second-factor': { summary: 'gives up their second factor, too' } },
    run: async ({ arguments: [address = ''], flags }) =>
      (await import('./user.ts')).resetUser(address, flags.has('second-factor')),
  },
  {
    name: 'user remove',
    summary: 'removes an account, with every role and session',
    group: 'Set up',
    arguments: [email],
    run: async ({ arguments: [address = ''] }) => (await import('./user.ts')).removeUser(address),
  },
  {
    name: 'user code',
    summary: 'prints the code by which the first account is made from another machine',
    group: 'Set up',
    run: async () => (await import('./user.ts')).tellSetupCode(),
  },
  ...(['bash', 'zsh', 'fish'] as const).map(
    (shell): Command => ({
      name: `completion ${shell}`,
      summary: `prints what has ${shell} complete commands and options`,
      group: 'Set up',
      run: async () => {
        process.stdout.write((await import('./completion.ts')).completionFor(shell, commands))
        return 0
      },
    }),
  ),
]
