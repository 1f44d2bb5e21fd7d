import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DCLinter } from 'dclint'
import { DockerfileParser } from 'dockerfile-ast'
import { validate } from 'dockerfile-utils'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments, parseDocument } from 'yaml'
import { parsePromql, queriesIn } from './fixtures/prometheus.ts'

// What is deployed is files: each is held against the language that it is in. That they do what they say is tried where it can be:
// the Dockerfile in test/interop/image.test.ts, the names of metrics in test/health.test.ts.

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const below = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(root.length + 1)] : [],
  )
const files = ['Dockerfile', ...below('deploy')]
const of = (pattern: RegExp): string[] => files.filter((path) => pattern.test(path))
type Json = { [key: string]: Json } & Json[]

/** What a YAML file says, once it says it without a slip. */
const documentsOf = (path: string): Json[] =>
  parseAllDocuments(read(path), { strict: true, uniqueKeys: true, merge: true }).map((document) => {
    expect([path, document.errors, document.warnings]).toEqual([path, [], []])
    return document.toJS() as Json
  })

it('every setting that a file of deploy/ names is one that docs/configuration.md knows', () => {
  const known = new Set(read('docs/configuration.md').match(/CLICKWATCH_[A-Z_]+/g))
  for (const [, first = '', rest = ''] of read('docs/configuration.md').matchAll(
    /`(CLICKWATCH_[A-Z]+)_[A-Z]+`((?:, `…_[A-Z_]+`)+)/g,
  )) {
    for (const [, last = ''] of rest.matchAll(/…(_[A-Z_]+)/g)) known.add(first + last)
  }
  const named = files.flatMap((path) =>
    (read(path).match(/CLICKWATCH_[A-Z_]+/g) ?? []).map((name) => `${path}: ${name}`),
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((each) => !known.has(each.split(': ')[1] ?? ''))).toEqual([])
})

describe('the Dockerfile', () => {
  it('is free of what a linter objects to', () => {
    expect(validate(read('Dockerfile')).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([])
  })

  it('ends in a stage that does not run as root, says how it is checked, and takes the Node that the tests run on', () => {
    const instructions = DockerfileParser.parse(read('Dockerfile')).getInstructions()
    const of = (keyword: string) => instructions.filter((each) => each.getKeyword() === keyword)
    const last = of('FROM').at(-1)?.getRange().start.line ?? 0
    const inLast = (keyword: string) => of(keyword).filter((each) => each.getRange().start.line > last)
    expect(inLast('USER').map((each) => each.getArgumentsContent())).toEqual(['node'])
    expect(inLast('HEALTHCHECK')).toHaveLength(1)
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } }
    expect(of('ARG')[0]?.getArgumentsContent()).toBe(`NODE=node:${devDependencies.node}-bookworm-slim`)
  })
})

type Linted = { messages: { type: string; line: number; message: string }[] }
describe('compose files', () => {
  const linter = new DCLinter({
    // Whoever has the repository builds it, under the name that others pull.
    rules: { 'no-build-and-image': 0 },
    quiet: true,
    debug: false,
    exclude: [],
  })

  it.each(of(/compose.*\.yaml$/))(
    '%s is what the Compose specification says, and free of what a linter calls wrong',
    (path) => {
      const answers = linter.lintFiles([join(root, path)], false) as Linted[]
      const found = answers.flatMap(({ messages }) => messages)
      expect(found.filter(({ type }) => type === 'error').map(({ line, message }) => `${line}: ${message}`)).toEqual([])
      const [said] = documentsOf(path)
      for (const [name, service] of Object.entries(said?.services ?? {})) {
        for (const needed of Object.keys(service.depends_on ?? {}))
          expect(Object.keys(said?.services ?? {})).toContain(needed)
        for (const volume of (service.volumes ?? []) as unknown as string[]) {
          const [from = ''] = volume.split(':')
          if (!from.startsWith('.') && !from.startsWith('/')) expect(Object.keys(said?.volumes ?? {})).toContain(from)
          else if (from.startsWith('.'))
            expect([name, volume, existsSync(join(root, 'deploy', from))]).toEqual([name, volume, true])
        }
      }
    },
  )
})

type Manifest = { apiVersion: string; kind: string; metadata: { name: string } } & Json
describe('Kubernetes manifests', () => {
  const manifestsOf = (path: string) => documentsOf(path) as unknown as Manifest[]
  const paths = of(/kubernetes\/.*\.yaml$/)

  it.each(paths)('%s has the objects of the API that it names, field by field', async (path) => {
    for (const manifest of manifestsOf(path)) {
      const { apiVersion, kind } = manifest
      const { [kind]: Model } = (await import(/* @vite-ignore */ `kubernetes-models/${apiVersion}`)) as Record<
        string,
        new (
          data: object,
        ) => { validate(): void }
      >
      if (!Model) throw new Error(`${apiVersion} has no ${kind}`)
      expect(() => new Model(manifest).validate(), `${path}: ${kind} ${manifest.metadata.name}`).not.toThrow()
    }
  })

  it.each(paths)('%s runs nothing as root, keeps the image unwritten, and names what is there', (path) => {
    const manifests = manifestsOf(path)
    const text = JSON.stringify(manifests)
    for (const { spec } of manifests.filter(({ kind }) => /Deployment|StatefulSet|CronJob/.test(kind))) {
      const pod = spec?.template?.spec
      expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
      for (const { securityContext, volumeMounts, resources } of pod?.containers ?? []) {
        expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false })
        expect(resources?.limits).toHaveProperty('memory')
        const volumes = [...(pod?.volumes ?? []), ...(spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)]
        for (const { name } of volumeMounts ?? []) expect(volumes.map((each) => each?.name)).toContain(name)
      }
      expect(spec?.selector?.matchLabels).toEqual(spec?.template?.metadata?.labels)
    }
    const beside = paths.filter((each) => dirname(each) === dirname(path)).flatMap(manifestsOf)
    const namesOf = (wanted: string) =>
      beside.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata.name)
    for (const [, name = ''] of text.matchAll(/"configMapRef":\{"name":"([^"]+)"/g)) {
      expect(namesOf('ConfigMap')).toContain(name)
    }
    for (const [, name = ''] of text.matchAll(/"service":\{"name":"([^"]+)"/g))
      expect(namesOf('Service')).toContain(name)
    for (const [, name = ''] of text.matchAll(/"serviceAccountName":"([^"]+)"/g)) {
      expect(namesOf('ServiceAccount')).toContain(name)
    }
  })
})

describe('the systemd unit', () => {
  const unit = 'deploy/systemd/clickwatch.service'

  it.skipIf(!existsSync('/usr/bin/systemd-analyze'))(
    'is one that systemd takes, and leaves the service little to do harm with',
    () => {
      const analyze = (...given: string[]) => {
        try {
          return execFileSync('systemd-analyze', given, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
        } catch (error) {
          const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer }
          return `${stdout}${stderr}`
        }
      }
      // What it starts is not installed here.
      expect(
        analyze('verify', unit)
          .split('\n')
          .filter((line) => line !== '' && !line.includes('is not executable')),
      ).toEqual([])
      const [, exposure] = /exposure level for [^:]+: ([\d.]+)/.exec(analyze('security', '--offline=true', unit)) ?? []
      expect(Number(exposure)).toBeLessThan(2)
    },
  )
})

describe('what Prometheus and Grafana are given', () => {
  it.each(of(/prometheus\/.*\.yml$/))('%s says without a slip what it says', (path) => {
    expect(parseDocument(read(path), { strict: true, uniqueKeys: true }).errors).toEqual([])
  })

  it.each(queriesIn(root).map(({ where, expr }) => [where, expr] as const))('%s is PromQL: %s', (_where, expr) => {
    expect(parsePromql(expr).errors).toEqual([])
  })

  it('each alert says what is the matter and how much it matters, and docs/operate/monitoring.md what to do', () => {
    const [said] = documentsOf('deploy/prometheus/clickwatch.rules.yml')
    const rules = (said?.groups ?? []).flatMap(({ rules: each }) => each as unknown as Json[])
    const guide = read('docs/operate/monitoring.md')
    for (const { alert, labels, annotations } of rules) {
      expect([alert, labels?.severity]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)])
      expect(annotations).toEqual({ summary: expect.any(String), description: expect.any(String) })
      expect(guide).toContain(`\`${alert}\``)
    }
    expect(rules.length).toBeGreaterThan(5)
  })
})

describe('a workflow', () => {
  const workflows = readdirSync(new URL('../.github/workflows/', import.meta.url))

  it.each(workflows)('%s may do no more than it says, keeps no secret, and runs nobody else’s actions', (name) => {
    const text = read(`.github/workflows/${name}`)
    const { permissions, jobs } = parseDocument(text).toJS() as {
      permissions: Record<string, string>
      jobs: Record<string, { permissions?: Record<string, string>; steps: { uses?: string; run?: string }[] }>
    }
    expect(Object.values(permissions)).not.toContain('write')
    expect(text).not.toMatch(/secrets\.|TOKEN/)
    for (const { steps } of Object.values(jobs)) {
      for (const { uses, run } of steps) {
        expect(uses ?? 'actions/').toMatch(/^actions\//)
        // A name that somebody else chooses is no part of a command.
        expect(run ?? '').not.toMatch(/\$\{\{/)
      }
    }
  })

  it('releases with a statement of where it came from', () => {
    const release = read('.github/workflows/release.yml')
    expect(release).toMatch(/npm publish .*--provenance/)
    expect(release).toContain('attest-build-provenance')
  })
})
