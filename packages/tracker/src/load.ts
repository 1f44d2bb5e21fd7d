import type { Options } from './options.ts'
import { asksForPrivacy } from './privacy.ts'
import { peekItem } from './storage.ts'
import { unitOf } from './unit.ts'
import { type GivenIdeas, openVariants, type TellExposure, type Variants } from './variants.ts'

const timeoutMs = 5000

/** The site's running ideas as the server has them; none where it cannot be reached: then everybody sees the page as it is. */
const load = async ({ endpoint, site = 'default', identity = 'default', ideas }: Options): Promise<GivenIdeas> => {
  const url = new URL(ideas ?? 'clickwatch.ideas.json', ideas === undefined ? endpoint : location.href)
  url.searchParams.set('site', site)
  if (identity !== 'default') url.searchParams.set('identity', identity)
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    return answer.ok ? ((await answer.json()) as GivenIdeas) : { ideas: [] }
  } catch {
    return { ideas: [] }
  }
}

/** Once the tracker has started: it has opened the storage that ids are kept in. */
export const loadVariants = async (options: Options, tell: TellExposure): Promise<Variants> => {
  const given = await load(options)
  return openVariants(given, unitOf(given, peekItem('ignore') || (options.signals && asksForPrivacy())), tell)
}
