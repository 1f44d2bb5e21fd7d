import { access } from './access.ts'
import { account } from './account.ts'
import { dashboard } from './dashboard.ts'
import { empty } from './empty.ts'
import { filter } from './filter.ts'
import { funnels } from './funnels.ts'
import { ideaForm } from './idea-form.ts'
import { ideaReport } from './idea-report.ts'
import { ideaVerdict } from './idea-verdict.ts'
import { ideas } from './ideas.ts'
import { journeys } from './journeys.ts'
import { ledger } from './ledger.ts'
import { live } from './live.ts'
import { map } from './map.ts'
import { names } from './names.ts'
import { pages } from './pages.ts'
import { period } from './period.ts'
import { present } from './present.ts'
import { report } from './report.ts'
import { retention } from './retention.ts'
import { segments } from './segments.ts'
import { sessions } from './sessions.ts'
import { settings } from './settings.ts'
import { share } from './share.ts'
import { shell } from './shell.ts'
import { shortcuts } from './shortcuts.ts'
import { sql } from './sql.ts'
import { visitor } from './visitor.ts'

/** The catalogue in English, a file a screen or area. Every other language has the same keys. */
export const english = {
  access,
  account,
  dashboard,
  empty,
  filter,
  funnels,
  ideaForm,
  ideaReport,
  ideaVerdict,
  ideas,
  journeys,
  ledger,
  live,
  map,
  names,
  pages,
  period,
  present,
  report,
  retention,
  segments,
  sessions,
  settings,
  share,
  shell,
  shortcuts,
  sql,
  visitor,
} as const
