import { access } from './access.ts'
import { dashboard } from './dashboard.ts'
import { empty } from './empty.ts'
import { filter } from './filter.ts'
import { ledger } from './ledger.ts'
import { names } from './names.ts'
import { present } from './present.ts'
import { settings } from './settings.ts'
import { share } from './share.ts'
import { shell } from './shell.ts'

/** The catalogue in English, a file a screen or area. Every other language has the same keys. */
export const english = { access, dashboard, empty, filter, ledger, names, present, settings, share, shell } as const
