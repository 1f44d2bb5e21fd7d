import { changePage } from './changes.ts'
import { handOver, takeOver } from './door.ts'
import { asksForPrivacy } from './privacy.ts'
import { openStorage, peekItem } from './storage.ts'
import { mayKeep, unitOf } from './unit.ts'
import { type GivenIdeas, openVariants } from './variants.ts'

// A script of its own beside the tracker, for sites that test ideas; it goes into the head, neither deferred nor async, so that a page is
// changed before it is seen. The server puts the site's running ideas into it.
declare const CLICKWATCH_IDEAS: GivenIdeas

type Command = { (...given: unknown[]): void; q?: unknown[] }
const page = window as unknown as { clickwatch?: Command | undefined }

// Before the tracker is there, what is told waits for it.
const waiting: unknown[] = []
let current: Command =
  page.clickwatch ?? Object.assign((...given: unknown[]) => void waiting.push(given), { q: waiting })

const given = CLICKWATCH_IDEAS
const script = document.currentScript as HTMLScriptElement | null
const isLeftAlone = peekItem('ignore') || (script?.dataset.signals && asksForPrivacy())
if (!isLeftAlone && mayKeep(given)) openStorage()
takeOver()
const unit = unitOf(given, isLeftAlone)
const { variant, variants, ...rest } = openVariants(given, unit, (idea, shown) =>
  current('event', 'exposure', { props: { idea, variant: shown }, interactive: false }),
)

// The tracker puts its own command here once it is there, and that gets these as well.
const withIdeas = (command: Command): Command => Object.assign(command, { variant, variants })
Object.defineProperty(page, 'clickwatch', {
  configurable: true,
  enumerable: true,
  get: () => current,
  set: (command: Command) => {
    current = withIdeas(command)
  },
})
page.clickwatch = current

changePage({ variant, variants, ...rest })
if (script) handOver(new URL(script.src).origin)
