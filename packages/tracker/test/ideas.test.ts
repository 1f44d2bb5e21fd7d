import { assign, type RunningIdea } from '@clickwatch/contract/assignment'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { errorsOf, type Opened, prepare, setHidden } from './opened.ts'

const head = '<script src="/clickwatch.ideas.js"></script>'
const open = prepare(
  `${head}<script defer src="/clickwatch.js" data-site="shop"></script><h1 id="title">As it was</h1><p class="extra">More of it</p><a id="on" href="/next">On</a>`,
)
const openUntracked = prepare(`${head}<h1 id="title">As it was</h1>`)
const openWithSignals = prepare(`<script src="/clickwatch.ideas.js" data-signals="true"></script>`)
const openCookieless = prepare(
  `${head}<script defer src="/clickwatch.js" data-site="shop" data-identity="cookieless"></script><h1 id="title">As it was</h1>`,
)

/** A page whose own code has the tracker as a package, and writes down which variant it is to show. */
const packaged = await build({
  stdin: {
    contents: `import { init, variant } from './index.ts'
      init({ endpoint: new URL('/e', location.href).href, site: 'shop' })
      document.querySelector('#shown').textContent = await variant('headline')`,
    resolveDir: `${import.meta.dirname}/../src`,
  },
  bundle: true,
  write: false,
  format: 'esm',
})
const openPackaged = prepare(
  `<p id="shown"></p><script type="module">${packaged.outputFiles[0]?.text.replaceAll('</', '<\\/')}</script>`,
)

const visitor = (number: number): string => `01890f2e-5b7a-7000-8000-00000000000${number}`
const idea = (more: Partial<RunningIdea> = {}): RunningIdea => ({
  key: 'headline',
  since: 1,
  variants: [
    { key: 'plain', weight: 1 },
    { key: 'bold', weight: 1, changes: [{ selector: '#title', text: 'As it could be' }] },
  ],
  ...more,
})
/** A visitor who sees a variant of an idea. */
const visitorOf = (ideas: RunningIdea[], key: string, variant: string | undefined): string => {
  const found = Array.from({ length: 1000 }, (_, number) => `visitor-${number}`).find(
    (unit) => assign(ideas, key, unit) === variant,
  )
  if (found === undefined) throw new Error(`nobody sees ${variant}`)
  return found
}

type Ideas = { variant(key: string): string | undefined; variants(): Record<string, string> }
const variantOn = (page: Page, key = 'headline') =>
  page.evaluate((name) => (window as unknown as { clickwatch: Ideas }).clickwatch.variant(name), key)
const exposuresOf = (site: Opened['site']) =>
  site.events().filter(({ type, name }) => type === 'custom' && name === 'exposure')
const waitForExposures = async (site: Opened['site'], count: number) => {
  await site.waitFor('custom', count)
  return exposuresOf(site).map(({ props }) => props)
}
/** Opens a page as somebody who has been here before. */
const goAs = async (page: Page, origin: string, who: string, path = '/') => {
  await page.addInitScript((id) => localStorage.setItem('clickwatch.visitor', id), who)
  await page.goto(origin + path)
}

describe('variants in the browser', () => {
  it('are those that the server would assign, and stay', async () => {
    const { site, page } = await open(null)
    const ideas = [idea(), idea({ key: 'other' })]
    site.giveIdeas({ ideas })
    await goAs(page, site.origin, visitor(1))
    const expected = assign(ideas, 'headline', visitor(1))
    expect(await variantOn(page)).toBe(expected)
    await page.reload()
    expect(await variantOn(page)).toBe(expected)
    const all = await page.evaluate(() => (window as unknown as { clickwatch: Ideas }).clickwatch.variants())
    expect(all).toEqual({ headline: expected, other: assign(ideas, 'other', visitor(1)) })
    expect(await variantOn(page, 'unknown')).toBeUndefined()
  })

  it('make the id of a new visitor, which the tracker goes on with', async () => {
    const { site, page } = await open(null)
    site.giveIdeas({ ideas: [idea()] })
    await page.goto(site.origin)
    await site.waitFor('page_view')
    const id = await page.evaluate(() => localStorage.getItem('clickwatch.visitor'))
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(site.accepted.map(({ visitor_id }) => visitor_id)).toContain(id)
    expect(await variantOn(page)).toBe(assign([idea()], 'headline', id ?? ''))
  })

  it('are told once a visit, with the visit of the visitor, and never as something they did', async () => {
    const { site, page } = await open(null)
    const ideas = [
      idea({
        variants: [
          { key: 'a', weight: 1 },
          { key: 'b', weight: 1 },
        ],
      }),
    ]
    site.giveIdeas({ ideas })
    await goAs(page, site.origin, visitor(2))
    await variantOn(page)
    await variantOn(page)
    expect(await waitForExposures(site, 1)).toEqual([
      { idea: 'headline', variant: assign(ideas, 'headline', visitor(2)) },
    ])
    await page.click('#on')
    await page.waitForURL(/next/)
    await variantOn(page)
    await site.waitFor('page_view', 2)
    await setHidden(page, true)
    await page.waitForTimeout(200)
    expect(exposuresOf(site)).toHaveLength(1)
    const [exposure] = exposuresOf(site)
    expect(exposure?.interactive).toBe(false)
    expect(new Set(site.events().map(({ session_id }) => session_id)).size).toBe(1)
    expect(site.events()[0]?.type).toBe('page_view')
  })

  it('are told anew where the count began anew', async () => {
    const { site, page } = await open(null)
    const bare = {
      variants: [
        { key: 'a', weight: 1 },
        { key: 'b', weight: 1 },
      ],
    }
    site.giveIdeas({ ideas: [idea(bare)] })
    await goAs(page, site.origin, visitor(3))
    await variantOn(page)
    await waitForExposures(site, 1)
    site.giveIdeas({ ideas: [idea({ ...bare, since: 2 })] })
    await page.reload()
    await variantOn(page)
    expect(await waitForExposures(site, 2)).toHaveLength(2)
  })

  it('are none for the holdout, who is counted, and for whoever is outside, who is not', async () => {
    const ideas = [idea({ holdout: 0.5 }), idea({ key: 'abroad', is_outside: true })]
    const { site, page } = await open(null)
    site.giveIdeas({ ideas })
    await goAs(page, site.origin, visitorOf(ideas, 'headline', 'holdout'))
    expect(await variantOn(page)).toBeUndefined()
    expect(await variantOn(page, 'abroad')).toBeUndefined()
    expect(await waitForExposures(site, 1)).toEqual([{ idea: 'headline', variant: 'holdout' }])
    expect(await page.textContent('#title')).toBe('As it was')
  })

  it('are as the address says for whoever tries them out, who is not counted', async () => {
    const { site, page } = await open(null)
    const errors = errorsOf(page)
    site.giveIdeas({ ideas: [idea()] })
    for (const [variant, title] of [
      ['bold', 'As it could be'],
      ['plain', 'As it was'],
    ]) {
      await page.goto(`${site.origin}/?clickwatch_variant=headline:${variant}`)
      expect(await variantOn(page)).toBe(variant)
      expect(await page.textContent('#title')).toBe(title)
    }
    await site.waitFor('page_view', 2)
    await setHidden(page, true)
    await page.waitForTimeout(200)
    expect(exposuresOf(site)).toEqual([])
    expect(errors).toEqual([])
  })

  it('are told of as ever where the address asks for a variant that there is not', async () => {
    const { site, page } = await open(null)
    site.giveIdeas({ ideas: [idea()] })
    await goAs(page, site.origin, visitor(5), '/?clickwatch_variant=headline:bald')
    const variant = assign([idea()], 'headline', visitor(5))
    expect(await variantOn(page)).toBe(variant)
    expect(await waitForExposures(site, 1)).toEqual([{ idea: 'headline', variant }])
  })

  it('are assigned to whom the server names, where nothing may be kept, and nothing is', async () => {
    const { site, page } = await openCookieless(null)
    const ideas = [idea()]
    site.giveIdeas({ ideas, keeps_nothing: true, unit: 'of today' })
    await page.goto(site.origin)
    expect(await variantOn(page)).toBe(assign(ideas, 'headline', 'of today'))
    await waitForExposures(site, 1)
    expect(await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)])).toEqual([[], []])
  })

  it('make no id where nothing may be kept, also while no idea runs, until there is consent', async () => {
    const { site, page } = await openUntracked(null)
    const kept = () => page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)])
    site.giveIdeas({ ideas: [], keeps_nothing: true })
    await page.goto(site.origin)
    expect(await kept()).toEqual([[], []])
    await page.evaluate(() => localStorage.setItem('clickwatch.consent', '1'))
    site.giveIdeas({ ideas: [idea()], keeps_nothing: true, unit: 'of today' })
    await page.reload()
    const id = await page.evaluate(() => localStorage.getItem('clickwatch.visitor'))
    expect(await variantOn(page)).toBe(assign([idea()], 'headline', id ?? ''))
  })

  it('are, in the package too, of whom the server names where it keeps nothing, until there is consent', async () => {
    const { site, page } = await openPackaged(null)
    const ideas = [idea()]
    const [known, named] = [visitorOf(ideas, 'headline', 'plain'), visitorOf(ideas, 'headline', 'bold')]
    const shown = async (variant: string) => {
      await page.locator('#shown', { hasText: variant }).waitFor()
      return variant
    }
    site.giveIdeas({ ideas, keeps_nothing: true, unit: named })
    await goAs(page, site.origin, known)
    expect(await shown('bold')).toBe('bold')
    expect((await waitForExposures(site, 1)).map((props) => props?.variant)).toEqual(['bold'])
    await page.evaluate(() => localStorage.setItem('clickwatch.consent', '1'))
    await page.reload()
    await shown('plain')
    site.giveIdeas({ ideas, unit: named })
    await page.evaluate(() => localStorage.removeItem('clickwatch.consent'))
    await page.reload()
    await shown('plain')
  })

  it('leave alone whoever is not to be tracked: no id, no variant', async () => {
    const { site, page } = await openUntracked(null)
    site.giveIdeas({ ideas: [idea()] })
    await page.addInitScript(() => localStorage.setItem('clickwatch.ignore', 'true'))
    await page.goto(site.origin)
    expect(await variantOn(page)).toBeUndefined()
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(['clickwatch.ignore'])

    const { site: polite, page: privately } = await openWithSignals(null)
    polite.giveIdeas({ ideas: [idea()] })
    await privately.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }))
    await privately.goto(polite.origin)
    expect(await variantOn(privately)).toBeUndefined()
    expect(await privately.evaluate(() => Object.keys(localStorage))).toEqual([])
  })

  it('work on a page that has no tracker yet, and tell it what it missed', async () => {
    const { site, page } = await openUntracked(null)
    site.giveIdeas({ ideas: [idea()] })
    await goAs(page, site.origin, visitor(4))
    expect(await variantOn(page)).toBe(assign([idea()], 'headline', visitor(4)))
    await page.addScriptTag({ url: '/clickwatch.js' })
    await waitForExposures(site, 1)
    expect(await variantOn(page)).toBe(assign([idea()], 'headline', visitor(4)))
  })
})

/** What a page's title said in every frame that was painted while it loaded. */
const watchTitle = (page: Page) =>
  page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const look = (): void => {
      const title = document.querySelector('#title')
      if (title) seen.push(`${title.textContent} ${getComputedStyle(title).display}`)
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
const titlesSeen = (page: Page) =>
  page.evaluate(async () => {
    await new Promise((done) => setTimeout(done, 150))
    return [...new Set((window as unknown as { seen: string[] }).seen)]
  })

describe('changes of a page', () => {
  it('are there before it is painted, whatever puts the element there', async () => {
    const { site, page } = await open(null)
    const ideas = [idea()]
    site.giveIdeas({ ideas })
    await watchTitle(page)
    await goAs(page, site.origin, visitorOf(ideas, 'headline', 'bold'))
    expect(await titlesSeen(page)).toEqual(['As it could be block'])
    await page.evaluate(() => {
      const title = document.createElement('h1')
      title.id = 'title'
      title.append('Rendered ', 'by a script')
      document.querySelector('#title')?.replaceWith(title)
    })
    expect(await titlesSeen(page)).toEqual(['As it could be block'])
  })

  it('hide elements, leave the control as it is, and count both once they could be seen', async () => {
    const variants = [
      { key: 'plain', weight: 1 },
      {
        key: 'short',
        weight: 1,
        changes: [
          { selector: '.extra', hidden: true },
          { selector: '!', text: 'no selector' },
        ],
      },
    ]
    const ideas = [
      idea({ variants }),
      idea({
        key: 'elsewhere',
        variants: [
          { key: 'x', weight: 1, changes: [{ selector: '#nowhere', hidden: true }] },
          { key: 'y', weight: 1 },
        ],
      }),
    ]
    for (const variant of ['short', 'plain']) {
      const { site, page } = await open(null)
      const errors = errorsOf(page)
      site.giveIdeas({ ideas })
      await goAs(page, site.origin, visitorOf(ideas, 'headline', variant))
      expect(await page.isVisible('.extra')).toBe(variant === 'plain')
      expect(await waitForExposures(site, 1)).toEqual([{ idea: 'headline', variant }])
      expect(errors).toEqual([])
    }
  })
})

describe('an idea that is split by address', () => {
  const ideas = [
    idea({
      holdout: 0.2,
      variants: [
        { key: 'old', weight: 1, url: '/pricing' },
        { key: 'new', weight: 1, url: '/pricing-new?from=test' },
      ],
    }),
  ]
  const cases: [variant: string, from: string, to: string][] = [
    ['new', '/pricing?utm_source=news&a=1#faq', '/pricing-new?from=test&utm_source=news&a=1#faq'],
    ['old', '/pricing?a=1', '/pricing?a=1'],
    ['old', '/pricing-new?from=test', '/pricing?from=test'],
    ['holdout', '/pricing-new', '/pricing'],
    ['new', '/about', '/about'],
  ]
  it.each(cases)('takes who sees %s from %s to %s', async (variant, from, to) => {
    const { site, page } = await open(null)
    site.giveIdeas({ ideas })
    await goAs(page, site.origin, visitorOf(ideas, 'headline', variant), from)
    await page.waitForURL(site.origin + to)
    await site.waitFor('page_view')
    if (to === '/about') return
    expect(await waitForExposures(site, 1)).toEqual([{ idea: 'headline', variant }])
    expect(
      site
        .events()
        .filter(({ type }) => type === 'page_view')
        .map(({ url }) => url),
    ).toEqual([(site.origin + to).replace(/#.*/, '')])
  })

  it('neither sends anybody to another host, nor counts them as if it had', async () => {
    const { site, page } = await open(null)
    const elsewhere = [
      idea({
        variants: [
          { key: 'old', weight: 1, url: '/pricing' },
          { key: 'new', weight: 1, url: 'https://elsewhere.example/pricing' },
        ],
      }),
    ]
    site.giveIdeas({ ideas: elsewhere })
    await goAs(page, site.origin, visitorOf(elsewhere, 'headline', 'new'), '/pricing')
    await site.waitFor('page_view')
    await setHidden(page, true)
    await page.waitForTimeout(200)
    expect(exposuresOf(site)).toEqual([])
    expect(page.url()).toBe(`${site.origin}/pricing`)
  })
})

describe('a link to a door at another origin', () => {
  it('takes along who comes, and the door goes on with the visit', async () => {
    const { site, page } = await open(null)
    const { site: other } = await open(null)
    await page.goto(site.origin)
    await site.waitFor('page_view')
    // The script is the other origin's, as it is where ClickWatch has a host of its own.
    await page.setContent(
      `<script src="${other.origin}/clickwatch.ideas.js"></script><a id="door" href="${other.origin}/idea/shop/big?x=1">Try</a>`,
    )
    await page.click('#door')
    await page.waitForURL(`${other.origin}/idea/shop/big?x=1`)
    const [view] = await other.waitFor('page_view')
    expect(view?.session_id).toBe(site.events()[0]?.session_id)
    expect(other.accepted[0]?.visitor_id).toBe(site.accepted[0]?.visitor_id)
    expect(view?.url).toBe(`${other.origin}/idea/shop/big?x=1`)
  })

  it('says nothing of who clicked it once it was clicked', async () => {
    const { site, page } = await open(null)
    const { site: other } = await open(null)
    await page.goto(site.origin)
    await site.waitFor('page_view')
    await page.setContent(
      `<script src="${other.origin}/clickwatch.ideas.js"></script><a id="door" target="_blank" href="${other.origin}/idea/shop/big">Try</a>`,
    )
    const opening = page.context().waitForEvent('page')
    await page.click('#door')
    await (await opening).waitForURL(`${other.origin}/idea/shop/big`)
    expect(await page.getAttribute('#door', 'href')).toBe(`${other.origin}/idea/shop/big`)
  })

  it.each(['%', `<b>~${visitor(6)}~0`, `${visitor(6)}~%E0%A4%A`, `${visitor(6)}~x~1`])(
    'that says #clickwatch=%s brings nobody, and breaks nothing',
    async (brought) => {
      const { site, page } = await open(null)
      const errors = errorsOf(page)
      await page.goto(`${site.origin}/idea/shop/big#clickwatch=${brought}`)
      await site.waitFor('page_view')
      expect(site.accepted[0]?.visitor_id).not.toBe(visitor(6))
      expect(errors).toEqual([])
      expect(page.url()).toBe(`${site.origin}/idea/shop/big`)
    },
  )

  it('brings nobody to where nothing may be kept', async () => {
    const { site, page } = await openUntracked(null)
    site.giveIdeas({ ideas: [], keeps_nothing: true })
    await page.goto(`${site.origin}/idea/shop/big#clickwatch=${visitor(6)}~${visitor(7)}~1`)
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
  })
})
