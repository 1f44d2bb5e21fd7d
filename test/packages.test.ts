import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { assign } from '@clickwatch/contract/assignment'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from './fixtures/chromium.ts'
import { temporaryFolder } from './fixtures/clickwatch.ts'
import { serveTrackedSite } from './fixtures/tracked-site.ts'

const root = join(import.meta.dirname, '..')
const project = temporaryFolder()
const modules = join(project, 'node_modules')

/** Puts a package where a project has it once npm has installed what we publish. */
const install = (name: string, folder = join(root, 'packages', name)): void => {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
    cwd: folder,
  })
  const [{ filename }] = JSON.parse(packed.toString()) as [{ filename: string }]
  const target = join(modules, '@clickwatch', name)
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', join(project, filename), '-C', target, '--strip-components', '1'])
}

beforeAll(() => {
  for (const name of ['tracker', 'react', 'node']) install(name)
  install('delta', join(root, 'packages/delta/dist'))
  for (const name of ['hyparquet', 'hyparquet-writer', 'hyparquet-compressors', '@aws-sdk/client-s3']) {
    mkdirSync(join(modules, name, '..'), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  const require = createRequire(join(root, 'packages/dashboard/package.json'))
  for (const name of [
    'react',
    'react-dom',
    '@types/react',
    '@types/react-dom',
    '@types/node',
    'scheduler',
    'csstype',
    'undici-types',
  ]) {
    mkdirSync(join(modules, name, '..'), { recursive: true })
    symlinkSync(join(require.resolve(`${name}/package.json`), '..'), join(modules, name))
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const bundle = async (source: string): Promise<string> => {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: project, loader: 'tsx' },
    bundle: true,
    minify: true,
    write: false,
    logLevel: 'error',
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]?.text ?? ''
}

const page = `
  import { useState } from 'react'
  import { createRoot } from 'react-dom/client'
  import { useClickWatch, type Options } from '@clickwatch/react'
  const options: Options = { endpoint: new URL('/e', location.href).href, site: 'app' }
  const Button = () => {
    const { event } = useClickWatch()
    return <button id="buy" onClick={() => event('Bought', { props: { plan: 'pro' } })}>Buy</button>
  }
  const App = () => {
    useClickWatch(options)
    const [count, setCount] = useState(0)
    return <main><button id="more" onClick={() => setCount(count + 1)}>{count}</button><Button /></main>
  }
  createRoot(document.querySelector('#app')!).render(<App />)
`

describe('what npm gets', () => {
  it('has types that a strict project checks', () => {
    writeFileSync(
      join(project, 'index.ts'),
      `import { init, event, consent, identify, variant } from '@clickwatch/tracker'
       import { useClickWatch, useVariant } from '@clickwatch/react'
       import { ClickWatch } from '@clickwatch/node'
       import { DeltaTable, type Snapshot } from '@clickwatch/delta'
       import { S3Storage } from '@clickwatch/delta/s3'
       const shown: Promise<string | undefined> = variant('headline'); void shown
       const used: string | null | undefined = useVariant('headline'); void used
       const assigned: Promise<string | undefined> = new ClickWatch({ url: '' }).variant('headline', { visitor_id: 'x' }); void assigned
       init({ endpoint: 'https://stats.example/e', identity: 'consent' })
       event('Paid', { props: { seats: 3 }, revenue: { amount: 1, currency: 'EUR' } })
       consent(true); identify(null)
       // @ts-expect-error a name is a text
       event(17)
       // @ts-expect-error there is no such way
       init({ endpoint: '', identity: 'spying' })
       const { event: tell } = useClickWatch({ endpoint: '' }); tell('x')
       const latest = async (storage: S3Storage): Promise<Snapshot> => (await DeltaTable.open(storage)).latest()
       // @ts-expect-error a file has a size
       const add = async (table: DeltaTable) => table.append([{ path: 'a' }]); void add; void latest
       const left: Promise<number> = new ClickWatch({ url: 'https://stats.example' }).close(); void left`,
    )
    const options = [
      '--strict',
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom',
      '--types',
      'node',
    ]
    execFileSync(join(root, 'node_modules/.bin/tsc'), [...options, 'index.ts'], { cwd: project, stdio: 'pipe' })
  })

  it('can be imported and called where there is no browser, and rendered on a server', () => {
    writeFileSync(
      join(project, 'server.mjs'),
      `import { init, event, identify, consent } from '@clickwatch/tracker'
       import { useClickWatch } from '@clickwatch/react'
       import { createElement } from 'react'
       import { renderToString } from 'react-dom/server'
       init({ endpoint: 'https://stats.example/e' }); event('x'); identify('u'); consent(true)
       const App = () => { useClickWatch({ endpoint: '/e' }).event('x'); return createElement('p', null, 'rendered') }
       console.log(renderToString(createElement(App)))`,
    )
    expect(execFileSync(process.execPath, ['server.mjs'], { cwd: project }).toString()).toBe('<p>rendered</p>\n')
  })

  it('keeps a Delta table', () => {
    writeFileSync(
      join(project, 'table.mjs'),
      `import { column, DeltaTable, struct } from '@clickwatch/delta'
       import { LocalStorage } from '@clickwatch/delta/local'
       const storage = new LocalStorage('table')
       const table = await DeltaTable.create(storage, { schema: struct(column('id', 'long')) })
       for (let each = 1; each <= 11; each++) await table.append([{ path: each + '.parquet', sizeBytes: each }])
       const { version } = await (await DeltaTable.open(storage)).latest()
       console.log(version, (await table.at(10)).files().length)`,
    )
    expect(execFileSync(process.execPath, ['table.mjs'], { cwd: project }).toString()).toBe('11 10\n')
  })

  it('leaves nothing in a bundle that does not use it', async () => {
    expect(await bundle(`import '@clickwatch/tracker'; import '@clickwatch/react'`)).toBe('')
    expect(await bundle(`import { init } from '@clickwatch/tracker'; export const unused = 1`)).not.toContain(
      'clickwatch.',
    )
  })

  it('shows a React app the variant of an idea, and tells that it was shown', async () => {
    const app = `
      import { createRoot } from 'react-dom/client'
      import { useClickWatch, useVariant, type Options } from '@clickwatch/react'
      const options: Options = { endpoint: new URL('/e', location.href).href, site: 'app' }
      const Shown = ({ idea }: { idea: string }) => {
        const variant = useVariant(idea)
        return <p id={idea}>{variant === null ? 'not known' : (variant ?? 'none')}</p>
      }
      const App = () => { useClickWatch(options); return <main><Shown idea="headline" /><Shown idea="other" /></main> }
      createRoot(document.querySelector('#app')!).render(<App />)`
    const site = await serveTrackedSite(`<div id="app"></div><script type="module">${await bundle(app)}</script>`, null)
    const ideas = [{ key: 'headline', since: 1, variants: ['plain', 'bold'].map((key) => ({ key, weight: 1 })) }]
    site.giveIdeas({ ideas })
    const browser = await launchChromium()
    try {
      const tab = await browser.newPage()
      await tab.goto(site.origin)
      const [exposure] = await site.waitFor('custom')
      const visitor = await tab.evaluate(() => localStorage.getItem('clickwatch.visitor') ?? '')
      const variant = assign(ideas, 'headline', visitor)
      expect(exposure).toMatchObject({ name: 'exposure', props: { idea: 'headline', variant }, interactive: false })
      expect(await tab.textContent('#headline')).toBe(variant)
      expect(await tab.textContent('#other')).toBe('none')
    } finally {
      await browser.close()
      await site.close()
    }
  })

  it('tracks a React app in a browser', async () => {
    const site = await serveTrackedSite(
      `<div id="app"></div><script type="module">${await bundle(page)}</script>`,
      null,
    )
    const browser = await launchChromium()
    try {
      const tab = await browser.newPage()
      await tab.goto(site.origin)
      await tab.click('#more')
      await tab.click('#buy')
      const [bought] = await site.waitFor('custom')
      expect(bought).toMatchObject({ name: 'Bought', props: { plan: 'pro' } })
      const types = site.events().map(({ type }) => type)
      expect(types.filter((type) => type === 'page_view')).toHaveLength(1)
      expect(types.filter((type) => type === 'click')).toHaveLength(2)
      expect(site.accepted.every((batch) => batch.site === 'app')).toBe(true)
    } finally {
      await browser.close()
      await site.close()
    }
  })
})
